import * as z from "zod/mini";
import type { ProfileChange, Profiles, StoredProfile } from "../domain/profile.ts";
import { json, listOf } from "./parse-purge.ts";
import type { ChangeProfile, ChangeProfileReply, PrepareReply } from "./profile-change.ts";
import { parseBatch } from "./replies.ts";
import type { Reservation } from "./reservation.ts";
import type { RunScript } from "./script.ts";

/** Upstash's replies have at most 1 MB. A profile has at most 64 kB, but a change holds it twice, and there are 100. */
const historyBytes = 500_000;

const texts = listOf(z.string());
const profile = z.object({ name: z.string(), paths: texts, endpoints: texts, transformations: texts });
const stored = z.extend(profile, { version: z.number(), changedAt: z.number(), changedBy: z.string() });
const profileList = z.pipe(json, z.array(stored));
const change = z.pipe(
  json,
  z.object({
    at: z.number(),
    actor: z.string(),
    name: z.string(),
    before: z.optional(profile),
    after: z.optional(profile),
  }),
);

export async function prepare(
  run: RunScript,
  { idempotency }: Pick<Reservation, "idempotency">,
): Promise<PrepareReply> {
  const [word, ...reply] = await run("prepare", { ...idempotency });
  const outcome = z.enum(["new", "replayed", "key-reused"]).parse(word);
  switch (outcome) {
    case "new":
      return { outcome, profiles: parseProfiles(reply[1]) };
    case "replayed":
      return { outcome, batch: parseBatch(reply.slice(1)) };
    case "key-reused":
      return { outcome };
  }
}

export async function readProfiles(
  run: RunScript,
): Promise<Profiles & { readonly history: readonly ProfileChange[] }> {
  const [, version, profiles, ...history] = await run("read-profiles", { historyBytes });
  return {
    version: Number(version),
    profiles: parseProfiles(profiles),
    history: history.map((entry) => change.parse(entry)),
  };
}

export async function changeProfile(
  run: RunScript,
  input: ChangeProfile & { readonly operation: string },
): Promise<ChangeProfileReply> {
  const [word, version, profiles] = await run("change-profile", input);
  const outcome = z.enum(["changed", "conflict"]).parse(word);
  return { outcome, profiles: { version: Number(version), profiles: parseProfiles(profiles) } };
}

/** Sorted by name: a Redis hash has no order. */
function parseProfiles(list: unknown): readonly StoredProfile[] {
  return profileList.parse(list).toSorted((one, other) => (one.name < other.name ? -1 : 1));
}
