/** The schemas of answers about profiles. */

import * as z from "zod/mini";
import { count, time } from "./schema-values.ts";

const profile = {
  name: z.string(),
  paths: z.array(z.string()),
  endpoints: z.array(z.string()),
  transformations: z.array(z.string()),
};
const price = { units: count, unitsWithQuery: count };
export const storedProfile = z.strictObject({
  ...profile,
  ...price,
  version: count,
  changedAt: time,
  changedBy: z.string(),
});
export const profileChange = z.strictObject({
  at: time,
  actor: z.string(),
  name: z.string(),
  before: z.nullable(z.strictObject(profile)),
  after: z.nullable(z.strictObject(profile)),
});
export const profileList = z.strictObject({
  profiles: z.array(storedProfile),
  version: count,
  history: z.array(profileChange),
});
export const learned = z.strictObject({
  profiles: z.array(z.strictObject({ ...profile, ...price, seen: z.record(z.string(), count) })),
  urls: count,
  ignored: z.array(z.strictObject({ why: z.string(), count, example: z.string() })),
});
