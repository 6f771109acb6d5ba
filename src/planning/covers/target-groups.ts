import { partsOfPath } from "../../rules/path.ts";
import { rangesOf } from "../../rules/transformation-tracker.ts";
import { matchEndpoint, type UrlEndpoint } from "../../rules/url-endpoint.ts";
import { commonLengths } from "./branches.ts";
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
  /** How many characters each text shares with the one before it. */
  readonly common: readonly number[];
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
  const placeOf = placesUnder(endpoints);
  for (const target of targets) {
    const text = target.url.endsWith("*") ? target.url.slice(0, -1) : target.url;
    const place = placeOf(text);
    if (place === undefined) continue;
    const { root, stack, stackEnd, folder } = place;
    // No URL contains a space.
    const key = `${root} ${stack}`;
    const group = groups.get(key) ?? { root, stack, members: [] };
    if (group.members.push({ target, text, stackEnd, folder }) === 1) groups.set(key, group);
  }
  return [...groups.values()].map(({ root, stack, members }) => {
    members.sort((one, other) => (one.text < other.text ? -1 : one.text > other.text ? 1 : 0));
    const texts = members.map(({ text }) => text);
    return { root, stack, members, texts, common: commonLengths(texts) };
  });
}

/** Which members lie in a folder. */
export function membersWithin<T>({ root, texts }: TargetGroup<T>, folder: string): Range {
  const prefix = root + folder;
  const from = firstBetween(0, texts.length, (at) => (texts[at] ?? "") >= prefix);
  const to = firstBetween(from, texts.length, (at) => texts[at]?.startsWith(prefix) !== true);
  return { from, to };
}

type Place = Pick<TargetGroup<unknown>, "root" | "stack"> & Pick<Member<unknown>, "stackEnd" | "folder">;

/** Finds where a target lies. Files of one folder lie in the same place, which is found once. */
function placesUnder(endpoints: readonly UrlEndpoint[]): (text: string) => Place | undefined {
  const places = new Map<string, Place | undefined>();
  return (text) => {
    const query = text.indexOf("?");
    const path = query < 0 ? text : text.slice(0, query);
    const name = path.lastIndexOf("/") + 1;
    const isPlainName = !/tr(?::|%3a)|^ik-/iu.test(path.slice(name));
    const folder = path.slice(0, name);
    if (!isPlainName || endsInTransformation(folder)) return placeIn(path, endpoints);
    if (!places.has(folder)) places.set(folder, placeIn(folder, endpoints));
    return places.get(folder);
  };
}

/** Whether what follows may belong to a transformation too: within a layer, a slash does not end it. */
function endsInTransformation(path: string): boolean {
  return path.includes("l-") && rangesOf("transformations", path).at(-1)?.end === path.length;
}

function placeIn(text: string, endpoints: readonly UrlEndpoint[]): Place | undefined {
  const [, scheme = "", host = "", path = ""] = /^(https?:\/\/)([^/]+)(.*)/su.exec(text) ?? [];
  const endpoint = matchEndpoint(host, path, endpoints);
  if (endpoint === undefined) return undefined;
  const rest = path.slice(endpoint.path.length);
  const start = scheme.length + host.length + endpoint.path.length;
  const ranges = rangesOf("transformations", rest);
  let leading = 0;
  let ahead = rest.length;
  for (const range of ranges) {
    const segment = rest.lastIndexOf("/", range.start - 1);
    if (segment === leading) leading = range.end;
    else ahead = Math.min(ahead, segment + 1);
  }
  return {
    root: text.slice(0, start + leading),
    stack: partsOfPath(rest, ranges).transformations.join("/"),
    stackEnd: ranges.length === 0 ? 0 : start + (ranges.at(-1)?.end ?? 0),
    folder: rest.slice(leading, rest.lastIndexOf("/", ahead - 1) + 1),
  };
}
