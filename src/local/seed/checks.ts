import type { EdgeOutcome } from "../../domain/edge-check.ts";
import { type Clock, toIsoTime } from "../../domain/time.ts";
import type { StagedEnd } from "../imagekit/cdn/stage.ts";
import type { InstanceApi } from "./instance-api.ts";
import { untilTrue } from "./until.ts";

/** How the CDN must behave for each outcome. */
const ends: Readonly<Record<EdgeOutcome, StagedEnd>> = {
  fresh: "fresh",
  unchanged: "unchanged",
  renewed: "no-reading-before",
  stale: "stale",
  gone: "gone",
  unreadable: "not-allowed",
};

/** A purge for each outcome of an edge check. All end within seconds but the stale one, which takes five minutes. */
export async function seedChecks({
  api,
  clock,
  url,
}: {
  readonly api: InstanceApi;
  readonly clock: Clock;
  readonly url: (name: string) => string;
}): Promise<void> {
  for (const [outcome, end] of Object.entries(ends)) await api.imagekit.stage(url(`check-${outcome}`), end);
  const purges = await api.submit("storefront", {
    urls: Object.keys(ends).map((outcome) => url(`check-${outcome}`)),
    reason: "one purge for each outcome of an edge check",
    changedAt: toIsoTime(clock.now()),
  });
  await Promise.all(purges.map((purge) => api.imagekit.complete(purge.url)));
  await Promise.all(
    purges
      .filter((purge) => !purge.url.includes("check-stale"))
      .map(({ id }) => untilTrue(api, clock, id, "checked", ({ edge }) => edge?.outcome !== "waiting")),
  );
}
