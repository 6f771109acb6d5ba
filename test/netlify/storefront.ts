/** A storefront on Netlify that has the build plugin: a publish folder, what is live, and one deploy after the other. */

import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as z from "zod";
import type { Environment } from "../../src/config.ts";
import { createPlugin } from "../../src/netlify/build-plugin/create-plugin.ts";
import { sweepLedger } from "../../src/use-cases/sweep.ts";
import { accepting, startApp, type TestApp, tokens } from "../support/app.ts";

const site = "https://shop.example";
/** Where the tests' app is. */
const desk = "https://purge.test/_purge";

export type Deploy = {
  /** What the log says. */
  readonly log: string;
  /** What the deploy's summary in Netlify's UI says, from its latest event. */
  readonly status: { readonly summary: string; readonly text: string } | undefined;
};

type DeployOptions = {
  readonly inputs?: object;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The build or the deploy fails after the folder was built. */
  readonly fails?: true;
  /** It is deployed, and another one stays live. */
  readonly locked?: true;
  /** Happens after the build and before this deploy is live. */
  readonly meanwhile?: () => void;
  /** The build is killed once this many submissions have been answered. */
  readonly killedAfter?: number;
  /** What it purges is not sent yet. */
  readonly stillSettles?: true;
};

export async function openStorefront(app: Desk, token: string) {
  const folder = await mkdtemp(join(tmpdir(), "storefront-"));
  const shop = {
    /** Answers for the site's manifest; a test replaces it. Undefined: nothing is live. */
    live: undefined as string | undefined,
    /** In the place of the site's next answers. */
    answers: [] as (() => Response | Promise<Response>)[],
    /** How often the site was asked. */
    asked: 0,
    pausedMs: 0,
    /** The answer to the next submission is lost on its way. */
    losesAnswer: false,
    /** Happens once, between a plan and the submission. */
    beforeSubmission: undefined as (() => Promise<unknown>) | undefined,
    /** How many submissions have been answered. */
    submitted: 0,
    /** A build that is killed makes no call any more. */
    kill: undefined as { readonly after: number; readonly now: () => void } | undefined,
  };
  let deploys = 0;

  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (request.url.startsWith(`${desk}/`)) {
      if (shop.kill !== undefined && shop.submitted >= shop.kill.after) {
        shop.kill.now();
        return new Promise<never>(() => {});
      }
      if (request.url.endsWith("/api/purges")) {
        const { beforeSubmission } = shop;
        shop.beforeSubmission = undefined;
        await beforeSubmission?.();
      }
      const answer = await app.app.fetch(request, { waitUntil: (work) => app.background.push(work) });
      if (!request.url.endsWith("/api/purges")) return answer;
      shop.submitted += 1;
      if (!shop.losesAnswer) return answer;
      shop.losesAnswer = false;
      throw new TypeError("fetch failed");
    }
    if (request.url !== `${site}/purge-desk-images.json`)
      throw new Error(`unexpected request: ${request.url}`);
    shop.asked += 1;
    const answer = shop.answers.shift();
    if (answer !== undefined) return answer();
    if (shop.live === undefined) return new Response("Not found", { status: 404 });
    return new Response(shop.live, { headers: { "Content-Type": "application/json" } });
  };

  return {
    shop,
    folder,
    write: async (path: string, content: string) => {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    },
    rename: (from: string, to: string) => rename(join(folder, from), join(folder, to)),
    remove: (path: string) => rm(join(folder, path)),
    manifest: async () => readFile(join(folder, "purge-desk-images.json"), "utf8").catch(() => undefined),
    close: () => rm(folder, { recursive: true }),
    deploy: async ({
      inputs = {},
      env = {},
      fails,
      locked,
      meanwhile,
      killedAfter,
      stillSettles,
    }: DeployOptions = {}): Promise<Deploy> => {
      const lines: string[] = [];
      let status: Deploy["status"];
      deploys += 1;
      const plugin = createPlugin(inputs, {
        env: {
          CONTEXT: "production",
          URL: site,
          DEPLOY_ID: `d${deploys}`,
          PURGE_DESK_URL: desk,
          PURGE_DESK_TOKEN: token,
          ...env,
        },
        fetch,
        pause: async (ms) => {
          shop.pausedMs += ms;
        },
        say: (line) => lines.push(line),
      });
      const event = {
        constants: { PUBLISH_DIR: folder },
        utils: {
          status: {
            show: (shown: NonNullable<Deploy["status"]>) => {
              status = shown;
            },
          },
        },
      };
      await plugin.onPostBuild(event);
      meanwhile?.();
      if (!fails) {
        if (!locked)
          shop.live = await readFile(join(folder, "purge-desk-images.json"), "utf8").catch(() => undefined);
        await new Promise<void>((resolve, reject) => {
          shop.submitted = 0;
          shop.kill = killedAfter === undefined ? undefined : { after: killedAfter, now: resolve };
          plugin.onSuccess(event).then(resolve, reject);
        });
        if (!stillSettles) await app.sendSettled();
      }
      return { log: lines.join("\n"), status };
    },
  };
}

export type Desk = TestApp & {
  /** Moves the clock past the time for which purges settle, and sends them. */
  readonly sendSettled: () => Promise<void>;
};

/** An app below /_purge, whose tokens and ImageKit are those of all tests. */
export async function startDesk(env: Environment = {}): Promise<Desk> {
  const time = { now: Date.now() };
  const app = await startApp({
    app: { basePath: "/_purge" },
    env: { PURGE_MONTHLY_QUOTA: "20", ...env },
    time,
  });
  const sendSettled = async () => {
    time.now += 30_000;
    // Longer than a sweep of the schedule has: a busy machine sends 150 purges in more than 25 s.
    await sweepLedger(app.services, { deadlineMs: app.services.clock.monotonicMs() + 600_000 });
    time.now += 1_000;
  };
  return { ...app, sendSettled };
}

/** A storefront with three images. Nothing was ever deployed or purged. */
export async function openNewStorefront(app: Desk) {
  await app.redis.flush();
  app.imagekit.purged.length = 0;
  app.imagekit.answer = accepting();
  const store = await openStorefront(app, tokens.purge);
  await store.write("index.html", "<h1>Shop</h1>");
  for (const name of ["shoe", "hat", "coat"]) await store.write(`images/${name}.jpg`, `${name} 1`);
  return store;
}

/** What ImageKit was asked to purge, without the endpoint. */
export function purgedPaths({ imagekit }: TestApp): readonly string[] {
  const urls = imagekit.purged.map((body) => purgeBody.parse(JSON.parse(body)).url);
  return urls.map((url) => url.replace("https://ik.imagekit.io/demo", "")).sort();
}

const purgeBody = z.object({ url: z.string() });
