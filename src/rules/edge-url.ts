import type { EdgeCheck } from "../domain/edge-check.ts";
import type { TargetKind } from "../domain/purge.ts";
import { endsInKnownFile } from "./image-file.ts";
import { partsOfPath } from "./path.ts";
import { isSigned, maskSignature } from "./signed-url.ts";
import { splitUrl } from "./split-url.ts";

/**
 * The URL that shows whether a target was cleared, if the target names one file: an exact URL that is no folder's, or a
 * wildcard right behind a file's whole name (`shoe.jpg*`), without its `*`. Undefined if there is none. The target is canonical.
 */
export function edgeUrlOf({
  url,
  kind,
}: {
  readonly url: string;
  readonly kind: TargetKind;
}): string | undefined {
  const shown = kind === "wildcard" ? url.slice(0, -1) : url;
  const split = splitUrl(shown);
  if (!("parts" in split)) return undefined;
  const { path, query } = split.parts;
  if (kind === "exact") return path === "" || path.endsWith("/") ? undefined : shown;
  const { plain, transformations } = partsOfPath(path);
  const last = transformations.at(-1);
  const isBehindFile = query === "" && endsInKnownFile(plain) && !(last && path.endsWith(`/${last}`));
  return isBehindFile ? shown : undefined;
}

/** The edge check of a target, if one can be made. A signed URL is a credential: its check is over before it begins. */
export function edgeCheckOf(target: {
  readonly url: string;
  readonly kind: TargetKind;
}): (Pick<EdgeCheck, "url" | "cause"> & { readonly outcome: "waiting" | "unreadable" }) | undefined {
  const url = edgeUrlOf(target);
  if (url === undefined) return undefined;
  return isSigned(url)
    ? { outcome: "unreadable", cause: "signed", url: maskSignature(url) }
    : { outcome: "waiting", url };
}
