import { readLine, type Target } from "../../../src/rules/target.ts";
import type { UrlEndpoint } from "../../../src/rules/url-endpoint.ts";

/**
 * The fewest wildcards and targets that clear everything, found by trying all of them: every prefix of every target,
 * and every set of targets. Shares nothing with the planner but the rules for a single line.
 */
export function bruteForce(endpoints: readonly UrlEndpoint[]) {
  const certain = new Map<string, Target | undefined>();
  /** The wildcard of a text, if it may be used in any folder; most texts come again and again. */
  const wildcardOf = (text: string) => {
    if (!certain.has(text)) certain.set(text, certainWildcard(text, endpoints));
    return certain.get(text);
  };
  return (targets: readonly Target[], folders: readonly string[]) => {
    const wildcards = new Map<string, Target>();
    for (const { prefix } of targets) {
      for (let length = 1; length <= prefix.length; length += 1) {
        const text = prefix.slice(0, length);
        const wildcard = isInside(text, folders, endpoints) ? wildcardOf(text) : undefined;
        if (wildcard !== undefined) wildcards.set(wildcard.url, wildcard);
      }
    }
    return fewestOf(targets, [...wildcards.values()]);
  };
}

function fewestOf(targets: readonly Target[], wildcards: readonly Target[]) {
  const all = (1 << targets.length) - 1;
  /** Everything that may be sent, with the targets that it clears as bits. */
  const candidates = [...targets, ...wildcards].map((one) => ({
    one,
    clears: targets.reduce((bits, target, at) => bits | (clears(one, target) ? 1 << at : 0), 0),
  }));
  /** The fewest that clear what is not yet cleared, for each set of cleared targets. */
  const fewest = new Array<number>(all + 1).fill(Number.POSITIVE_INFINITY);
  fewest[all] = 0;
  for (let cleared = all - 1; cleared >= 0; cleared -= 1) {
    for (const candidate of candidates) {
      const with_ = cleared | candidate.clears;
      if (with_ === cleared) continue;
      fewest[cleared] = Math.min(fewest[cleared] ?? 0, 1 + (fewest[with_] ?? 0));
    }
  }

  /** One of the sets that are as small as any, chosen by `pick` (which gets how many there are to choose from). */
  const smallest = (pick: (count: number) => number): readonly Target[] => {
    const chosen: Target[] = [];
    for (let cleared = 0; cleared !== all; ) {
      const left = fewest[cleared] ?? 0;
      const next = candidates.filter(
        (candidate) =>
          (cleared | candidate.clears) !== cleared && fewest[cleared | candidate.clears] === left - 1,
      );
      const candidate = next[pick(next.length)];
      if (candidate === undefined) throw new Error("no candidate");
      chosen.push(candidate.one);
      cleared |= candidate.clears;
    }
    return chosen;
  };
  return { units: fewest[0] ?? 0, wildcards: new Set(wildcards.map(({ url }) => url)), smallest };
}

/** Whether what is sent for `one` certainly clears all that `other` clears. */
export function clears(one: Target, other: Target): boolean {
  if (one.url === other.url) return true;
  return (
    one.kind === "wildcard" &&
    !one.isDoubtful &&
    other.prefix.startsWith(one.prefix) &&
    other.pathTransformations.join(" ") === one.pathTransformations.join(" ")
  );
}

function certainWildcard(text: string, endpoints: readonly UrlEndpoint[]): Target | undefined {
  const reading = readLine(`${text}*`, endpoints);
  if (!("target" in reading)) return undefined;
  const { target } = reading;
  const isAsWritten = target.url === `${text}*` && !target.isDoubtful;
  return isAsWritten && isWhole(text) && !reachesEndpoint(text, endpoints) ? target : undefined;
}

/** Whether a text begins with an endpoint, perhaps some path transformations, and then one of the folders. */
function isInside(text: string, folders: readonly string[], endpoints: readonly UrlEndpoint[]): boolean {
  const roots = endpoints
    .map(({ host, path }) => `://${host}${path}`)
    .filter((root) => text.includes(`${root}/`))
    .sort((one, other) => other.length - one.length);
  const [root = "no endpoint"] = roots;
  const path = text.slice(text.indexOf(root) + root.length).replace(/^(?:\/tr:[^/]+)+(?=\/)/, "");
  return folders.some((folder) => /^\/.+\/$/.test(folder) && path.startsWith(folder));
}

function isWhole(text: string): boolean {
  try {
    return decodeURIComponent(text) !== "";
  } catch {
    return false;
  }
}

function reachesEndpoint(text: string, endpoints: readonly UrlEndpoint[]): boolean {
  return endpoints.some(({ host, path }) => `https://${host}${path}/x`.startsWith(text));
}
