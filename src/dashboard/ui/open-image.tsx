import type { Purge } from "../../domain/purge.ts";
import { isSigned } from "../../rules/signed-url.ts";

/**
 * A link to what the purge clears. Not for a signed URL, whose signature is masked, and not for a folder. Opening it makes
 * ImageKit cache a copy again, so the link says so.
 */
export function OpenImage({ purge }: { readonly purge: Pick<Purge, "url" | "kind"> }) {
  const address = imageAddress(purge);
  if (address === undefined) return null;
  return (
    <>
      <a href={address} target="_blank" rel="noopener noreferrer">
        Open the image
      </a>{" "}
      <span class="quiet small">in a new tab; opening it puts a copy into the cache</span>
    </>
  );
}

/** The address of the one image that a target names: a wildcard's without its `*`. */
export function imageAddress({ url, kind }: Pick<Purge, "url" | "kind">): string | undefined {
  const address = kind === "wildcard" ? url.replace(/\*$/, "") : url;
  if (!/^https?:\/\/[^/]+\/.*[^/]$/.test(address) || isSigned(address)) return undefined;
  return address;
}
