import type { Profile } from "../domain/profile.ts";
import type { ImageTarget, LineVerdict, Violation, Warning } from "../domain/verdict.ts";
import type { ImageName } from "../rules/name-image.ts";
import { readImage } from "../rules/read-image.ts";
import type { LineReading, Target } from "../rules/target.ts";
import { coverTargets } from "./covers/cover-targets.ts";
import { expandImage } from "./expand-image.ts";
import { createProfileMatcher } from "./match-profile.ts";
import { type PlanOptions, readUrlLine, refuseMistakes, verdictOf } from "./plan-lines.ts";
import type { NamedTargets, PlannedTarget, PlanningContext, RequestPlan } from "./request-plan.ts";
import { findServing, type Serving } from "./serving-targets.ts";

type ImageReading =
  | {
      readonly name: ImageName;
      readonly profile: Profile | undefined;
      readonly targets: readonly Target[];
      readonly warnings: readonly Warning[];
    }
  | { readonly violations: readonly Violation[] };

/**
 * The verdict on each line, and what would be sent for all of them; never throws. The lines of `urls` come first, then
 * those of `images`. Each target is paid for once, however many lines name it. An image whose targets an earlier line
 * all has is that line's `duplicate`.
 */
export function planRequest(
  { urls, images, cover }: NamedTargets,
  context: PlanningContext,
  options: PlanOptions = {},
): RequestPlan {
  const urlReadings = urls.map((input) => readUrlLine(input, context.endpoints, options));
  const profileOf = createProfileMatcher(context.profiles);
  const imageReadings = images.map((input) => readImageLine(input, profileOf, context, options));
  const targets = [...urlReadings.map(targetsOf), ...imageReadings.map(targetsOf)];
  const servingOf = findServing(targets, (needed) => coverTargets(needed, cover, context.endpoints));

  const firstLines = createImageIndex();
  const lines = [
    ...urlReadings.map((reading, index) => verdictOf(reading, urls[index] ?? "", index + 1, servingOf)),
    ...imageReadings.map((reading, index): LineVerdict => {
      const line = urls.length + index + 1;
      const input = images[index] ?? "";
      if ("violations" in reading)
        return { line, input, verdict: "rejected", violations: reading.violations };
      const of = firstLines.add(line, reading.targets);
      return of === undefined
        ? imageLine(reading, input, line, servingOf)
        : { line, input, verdict: "duplicate", of };
    }),
  ];
  return { lines, targets: plannedTargets(targets, servingOf) };
}

function readImageLine(
  input: string,
  profileOf: (path: string) => Profile | undefined,
  context: PlanningContext,
  options: PlanOptions,
): ImageReading {
  const expand = (name: ImageName): ImageReading => {
    const profile = profileOf(name.path);
    const expansion = refuseMistakes(input, expandImage(name, profile, context), options);
    return "violations" in expansion ? expansion : { name, profile, ...expansion };
  };
  const reading = readImage(input, context.endpoints);
  if ("name" in reading) return expand(reading.name);
  const isExpanded = (line: string) => {
    const repaired = readImage(line, context.endpoints);
    return "name" in repaired && "targets" in expand(repaired.name);
  };
  return { violations: reading.violations.map((violation) => suggestOnly(violation, isExpanded)) };
}

/** A violation that suggests nothing of which a line would be refused. */
function suggestOnly(violation: Violation, isAccepted: (line: string) => boolean): Violation {
  const { suggestion, ...rest } = violation;
  return suggestion === undefined || suggestion.split("\n").every(isAccepted) ? violation : rest;
}

function targetsOf(reading: LineReading | ImageReading): readonly Target[] {
  if ("violations" in reading) return [];
  return "target" in reading ? [reading.target] : reading.targets;
}

function imageLine(
  { name, profile, targets, warnings }: Exclude<ImageReading, { readonly violations: unknown }>,
  input: string,
  line: number,
  servingOf: (target: Target) => Serving,
): LineVerdict {
  const verdicts = targets.map((target) => targetVerdict(target, line, servingOf(target)));
  const accepted = targets.filter((_, index) => verdicts[index]?.verdict === "accepted");
  // A wildcard clears query transformations too; without one, each would need its own purge just the same.
  const withQuery = targets[0]?.kind === "wildcard" ? accepted.filter(isUntransformed) : accepted;
  return {
    line,
    input,
    verdict: "image",
    image: name.path,
    profile: profile?.name,
    targets: verdicts,
    unitsWithQuery: withQuery.length,
    warnings,
  };
}

/** Whether a target would still be needed if pages had `?tr=` instead of `/tr:…/`. */
function isUntransformed({ pathTransformations }: Target): boolean {
  return pathTransformations.every((one) => !/^tr/iu.test(one));
}

function targetVerdict({ url, kind }: Target, line: number, serving: Serving): ImageTarget {
  if (serving.cover !== undefined) return { url, kind, verdict: "covered", cover: serving.cover };
  const by = serving.line ?? line;
  if (serving.url !== url) return { url, kind, verdict: "covered", by };
  return by === line ? { url, kind, verdict: "accepted" } : { url, kind, verdict: "duplicate", of: by };
}

/** What is sent, each target once, in the order of the lines, with every line that it serves. */
function plannedTargets(
  targets: readonly (readonly Target[])[],
  servingOf: (target: Target) => Serving,
): readonly PlannedTarget[] {
  const planned = new Map<string, PlannedTarget & { readonly lines: number[] }>();
  for (const target of targets.flat()) {
    const { url, cover } = servingOf(target);
    if (planned.has(url)) continue;
    if (cover !== undefined) planned.set(url, { url, kind: "wildcard", lines: [], cover });
    else if (url === target.url) planned.set(url, { url, kind: target.kind, lines: [] });
  }
  targets.forEach((ofLine, index) => {
    for (const target of ofLine) {
      const lines = planned.get(servingOf(target).url)?.lines;
      if (lines !== undefined && lines.at(-1) !== index + 1) lines.push(index + 1);
    }
  });
  return [...planned.values()];
}

/** Finds the earlier line that names the same image and has every target of a line. */
function createImageIndex() {
  const byOriginal = new Map<string, { readonly line: number; readonly urls: ReadonlySet<string> }>();
  const byTargets = new Map<string, number>();
  return {
    /** The earlier line, or undefined, in which case later lines may repeat this one. */
    add(line: number, targets: readonly Target[]): number | undefined {
      const urls = targets.map(({ url }) => url);
      const original = urls[0] ?? "";
      const all = urls.join("\n");
      const first = byOriginal.get(original);
      const of =
        first !== undefined && urls.every((url) => first.urls.has(url)) ? first.line : byTargets.get(all);
      if (of !== undefined) return of;
      if (first === undefined) byOriginal.set(original, { line, urls: new Set(urls) });
      byTargets.set(all, line);
      return undefined;
    },
  };
}
