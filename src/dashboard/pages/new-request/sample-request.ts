import type { UrlEndpoint } from "../../../rules/url-endpoint.ts";
import { emptyDraft, type RequestDraft } from "./draft.ts";

/**
 * What a newcomer can try with one click while ImageKit is simulated: images of a made-up shop, a line for each kind
 * of verdict. The lines that cannot be purged are skipped, so that it can be submitted as it stands.
 */
export function sampleDraft(key: string, endpoint: UrlEndpoint): RequestDraft {
  const base = `https://${endpoint.host}${endpoint.path}`;
  return {
    ...emptyDraft(key),
    urls: sampleImages.map((path) => base + path).join("\n"),
    reason: "sample images",
    isSkipping: true,
  };
}

const sampleImages = [
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
