// @module-tag slow

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { bundleClient } from "../../src/build/package-parts.ts";
import { tokens } from "../support/app.ts";
import { describeWith } from "../support/describe-with.ts";
import { type ServedDesk, serveDesk } from "../support/served-desk.ts";

const run = promisify(execFile);

const script = `
import { purgeDesk } from "./client.js";

const desk = purgeDesk();
const request = { urls: ["https://ik.imagekit.io/demo/shoe.jpg"] };
const { units } = await desk.plan(request);
const { cleared } = await desk.wait(await desk.purge(request), { onProgress: () => undefined });
console.log(JSON.stringify({ units, cleared }));
`;

describeWith("deno", "under Deno", () => {
  let served: ServedDesk;
  let folder: string;
  beforeAll(async () => {
    served = await serveDesk();
    folder = await mkdtemp(join(tmpdir(), "purge-desk-deno-"));
    await bundleClient(folder);
    await writeFile(join(folder, "purge.js"), script);
  });
  beforeEach(() => served.reset());
  afterAll(async () => {
    await served?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  const deno = (...permissions: readonly string[]) =>
    run("deno", ["run", "--no-prompt", "--allow-net", ...permissions, "purge.js"], {
      cwd: folder,
      env: {
        PATH: process.env["PATH"],
        HOME: folder,
        PURGE_DESK_URL: served.url,
        PURGE_DESK_TOKEN: tokens.purge,
      },
    });

  test("the client plans, purges, resends after a lost answer, and waits until it is cleared", async () => {
    served.fates.push("answer", "lose");
    const { stdout } = await deno("--allow-env");
    expect(JSON.parse(stdout)).toEqual({ units: 1, cleared: true });
    expect(served.imagekit.purged).toHaveLength(1);
  });

  test("without Deno's permission to read the environment, the client names the setting that it misses", async () => {
    await expect(deno()).rejects.toThrow(/PURGE_DESK_URL \(or url\) must be/);
    expect(served.arrivals).toEqual([]);
  });
});
