import { planLines } from "../../planning/plan-lines.ts";
import { isSigned } from "../../rules/signed-url.ts";
import type { UrlEndpoint } from "../../rules/url-endpoint.ts";

/** What of some lines can be submitted again, and at what price. */
export type Again = {
  /** Each once, in the order of the lines. */
  readonly urls: readonly string[];
  /** What they cost at most: some may join a purge that another batch makes. */
  readonly units: number;
  /** Lines whose URL is not known in full: its signature is masked in the record, or it was not kept. */
  readonly withheld: number;
};

/** `urls`: the URL of each line; undefined where it was not kept. */
export function again(urls: readonly (string | undefined)[], endpoints: readonly UrlEndpoint[]): Again {
  const whole = urls.filter((url) => url !== undefined && !isSigned(url));
  const distinct = [...new Set(whole.filter((url) => url !== undefined))];
  const units = planLines(distinct, endpoints).filter(({ verdict }) => verdict === "accepted").length;
  return { urls: distinct, units, withheld: urls.length - whole.length };
}
