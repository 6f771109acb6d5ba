import { withoutTrailing } from "../domain/trailing.ts";

/**
 * A request to show in an example, with ImageKit's own sample at the first of the URL endpoints: the image, and the URL of
 * one of its transformations.
 */
export function sampleRequest(urlEndpoints = "https://ik.imagekit.io/demo"): {
  readonly images: readonly string[];
  readonly urls: readonly string[];
} {
  const [first = ""] = urlEndpoints.split(",");
  const endpoint = withoutTrailing(first.trim(), "/");
  return {
    images: [`${endpoint}/default-image.jpg`],
    urls: [`${endpoint}/tr:w-400/default-image.jpg`],
  };
}
