import type { UrlEndpoint } from "../../../rules/url-endpoint.ts";
import type { RequestDraft } from "../../shared/request-draft.ts";
import { emptyDraft } from "./draft.ts";

/**
 * A filled-in request to try while ImageKit is simulated: images of an invented shop, with one line for each kind of
 * verdict. Rejected lines are skipped, so that it can be submitted as it is.
 */
export function sampleDraft(
  key: string,
  {
    endpoints,
    mayUseWildcards,
  }: { readonly endpoints: readonly UrlEndpoint[]; readonly mayUseWildcards: boolean },
): RequestDraft {
  const [{ host, path } = { host: "", path: "" }] = endpoints;
  const base = `https://${host}${path}`;
  const urls = sampleUrls.filter((path) => mayUseWildcards || !path.includes("*"));
  // With several endpoints a path alone does not say where the image is, unless a profile does.
  const images = endpoints.length === 1 ? sampleImages : [];
  return {
    ...emptyDraft(key),
    urls: [...images, ...urls.map((path) => base + path)].join("\n"),
    reason: "sample images",
    isSkipping: true,
  };
}

/** Named as images: each is cleared with all its URLs. */
const sampleImages = ["/bags/blue.jpg", "/bags/green.jpg"] as const;

const sampleUrls = [
  "/default-image.jpg",
  "/shoes/red.jpg*",
  // Cleared by the wildcard above.
  "/shoes/red.jpg?tr=w-400",
  // Not cleared by it: a path transformation keeps its own cache.
  "/tr:w-400/shoes/red.jpg",
  "/shoes/autumn/*",
  // A repetition.
  "/default-image.jpg",
  // Two that ImageKit refuses: too broad, and a wildcard in the middle.
  "/shoes*",
  "/shoes/*/green.jpg",
] as const;
