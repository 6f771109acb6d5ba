import { withoutTrailing } from "../domain/trailing.ts";

/** An image to show in an example: ImageKit's own sample, at the first of the URL endpoints. */
export function sampleImage(urlEndpoints = "https://ik.imagekit.io/demo"): string {
  const [first = ""] = urlEndpoints.split(",");
  return `${withoutTrailing(first.trim(), "/")}/default-image.jpg`;
}
