import { partsOfPath } from "../../rules/path.ts";
import { rangesOf } from "../../rules/transformation-tracker.ts";
import { matchEndpoint, type UrlEndpoint } from "../../rules/url-endpoint.ts";
import { firstBetween } from "./halving.ts";

/** Targets that may share a wildcard: of one endpoint, with the same path transformations. */
export type TargetGroup<T> = {
  /** The endpoint and the path transformations right after it, to which folders are relative. */
  readonly root: string;
  /** All path transformations, those in `root` first. */
  readonly stack: string;
  /** In the order of their texts. */
  readonly members: readonly Member<T>[];
  readonly texts: readonly string[];
};

export type Member<T> = {
  readonly target: T;
  /** What everything that it clears begins with: its URL without a wildcard's `*`. */
  readonly text: string;
  /** Where in `text` the last of its path transformations ends; 0 if it has none. */
  readonly stackEnd: number;
  /** The path after `root` as far as it is a folder, such as `/products/autumn/`. */
  readonly folder: string;
};

export type Range = { readonly from: number; readonly to: number };

/** The targets, each under the endpoint that it belongs to; what belongs to none can share nothing. */
export function groupTargets<T extends { readonly url: string }>(
  targets: readonly T[],
  endpoints: readonly UrlEndpoint[],
): readonly TargetGroup<T>[] {
  const groups = new Map<string, { root: string; stack: string; members: Member<T>[] }>();
  for (const target of targets) {
    const place = placeOf(target.url, endpoints);
    if (place === undefined) continue;
    const { root, stack, text, stackEnd, folder } = place;
    // No URL contains a space.
    const key = `${root} ${stack}`;
    const group = groups.get(key) ?? { root, stack, members: [] };
    if (group.members.push({ target, text, stackEnd, folder }) === 1) groups.set(key, group);
  }
  return [...groups.values()].map(({ root, stack, members }) => {
    members.sort((one, other) => (one.text < other.text ? -1 : one.text > other.text ? 1 : 0));
    return { root, stack, members, texts: members.map(({ text }) => text) };
  });
}

/** Which members lie in a folder. */
export function membersWithin<T>({ root, texts }: TargetGroup<T>, folder: string): Range {
  const prefix = root + folder;
  const from = firstBetween(0, texts.length, (at) => (texts[at] ?? "") >= prefix);
  const to = firstBetween(from, texts.length, (at) => texts[at]?.startsWith(prefix) !== true);
  return { from, to };
}

function placeOf(url: string, endpoints: readonly UrlEndpoint[]) {
  const text = url.endsWith("*") ? url.slice(0, -1) : url;
  const [, scheme = "", host = "", path = ""] = /^(https?:\/\/)([^/?]+)([^?]*)/su.exec(text) ?? [];
  const endpoint = matchEndpoint(host, path, endpoints);
  if (endpoint === undefined) return undefined;
  const rest = path.slice(endpoint.path.length);
  const ranges = rangesOf("transformations", rest);
  let leading = 0;
  let ahead = rest.length;
  for (const { start, end } of ranges) {
    const segment = rest.lastIndexOf("/", start - 1);
    if (segment === leading) leading = end;
    else ahead = Math.min(ahead, segment + 1);
  }
  const start = scheme.length + host.length + endpoint.path.length;
  return {
    text,
    root: text.slice(0, start + leading),
    stack: partsOfPath(rest, ranges).transformations.join("/"),
    stackEnd: ranges.length === 0 ? 0 : start + (ranges.at(-1)?.end ?? 0),
    folder: rest.slice(leading, rest.lastIndexOf("/", ahead - 1) + 1),
  };
}
