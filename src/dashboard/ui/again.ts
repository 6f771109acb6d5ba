import { planLines } from "../../planning/plan-lines.ts";
import { isSigned } from "../../rules/signed-url.ts";
import type { UrlEndpoint } from "../../rules/url-endpoint.ts";
import { isImagePath } from "../shared/image-name.ts";

/** What of some lines can be submitted again, and at what price. */
export type Again = {
  /** URLs and paths of images, each once, in the order of the lines. */
  readonly names: readonly string[];
  /** What they cost at most: some may join a purge that another batch makes. */
  readonly units: number;
  /** Lines whose URL is not known in full: its signature is masked in the record, or it was not kept. */
  readonly withheld: number;
};

/** What a line is called in a new request; undefined where it was not kept. */
export type NameAgain = string | undefined;

/** `unitsOfImages`: what the images among the names cost together. */
export function again(
  given: readonly NameAgain[],
  endpoints: readonly UrlEndpoint[],
  unitsOfImages = 0,
): Again {
  const whole = given.flatMap((name) => (name === undefined || isSigned(name) ? [] : [name]));
  const names = [...new Set(whole)];
  const urls = names.filter((name) => !isImagePath(name));
  const accepted = planLines(urls, endpoints).filter(({ verdict }) => verdict === "accepted");
  return { names, units: accepted.length + unitsOfImages, withheld: given.length - whole.length };
}
