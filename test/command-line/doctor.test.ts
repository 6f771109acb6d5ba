// @module-tag slow

import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type SimulatedImageKit,
  startSimulatedImageKit,
} from "../../src/local/imagekit/simulated-imagekit.ts";
import { sessionSecret } from "../dashboard/session.ts";
import { environmentOfTests } from "../support/app.ts";
import { commandDesk } from "../support/command-desk.ts";
import { runHere } from "../support/run-command.ts";

const desk = commandDesk();
let imagekit: SimulatedImageKit;
beforeAll(async () => {
  imagekit = await startSimulatedImageKit();
});
afterAll(() => imagekit?.close());

const nobody = "http://127.0.0.1:1";
const ofDeployment = () => ({
  PURGE_TOKENS: environmentOfTests["PURGE_TOKENS"] ?? "",
  ...sessionSecret,
  ...desk.ledgerEnv(),
  IMAGEKIT_API_BASE_URL: imagekit.url,
  IMAGEKIT_PRIVATE_KEY: imagekit.privateKey,
});

test.each<[string, number, () => Readonly<Record<string, string>>, RegExp]>([
  ["a caller whose Purge Desk is well", 0, () => desk.env(), /^ok +Purge Desk +answers/m],
  ["a deployment that is well", 0, ofDeployment, /^ok +ImageKit +accepts the key/m],
  [
    "a deployment that is only warned",
    0,
    () => ({ ...ofDeployment(), PURGE_MONTHLY_QOUTA: "10" }),
    /^warn +settings +PURGE_MONTHLY_QOUTA/m,
  ],
  ["a caller with a wrong token", 1, () => desk.env("pd_wrong"), /^fail +Purge Desk +unauthorized/m],
  ["an empty project", 1, () => ({}), /^fail +settings +PURGE_SESSION_SECRET: is not set$/m],
  [
    "a Purge Desk that is not there",
    4,
    () => ({ ...desk.env(), PURGE_DESK_URL: nobody }),
    /^unavailable +Purge Desk +unreachable/m,
  ],
  [
    "a Redis that is not there",
    4,
    () => ({ ...ofDeployment(), UPSTASH_REDIS_REST_URL: nobody }),
    /^unavailable +ledger /m,
  ],
  [
    "a setting that is wrong beside a Redis that is not there",
    1,
    () => ({ ...ofDeployment(), UPSTASH_REDIS_REST_URL: nobody, PURGE_SESSION_SECRET: "" }),
    /^unavailable +ledger /m,
  ],
])("the doctor of %s exits with %i", async (_, code, env, said) => {
  const ran = await runHere(["doctor"], { env: env() });
  expect(ran).toEqual({ code, stdout: expect.stringMatching(said), stderr: "" });
});
