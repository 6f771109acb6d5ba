/** What stands in for Netlify and the image store around the storefront of the smoke test, and what the test adds to it. */

import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import * as z from "zod";

/**
 * What is outside a storefront: where it uploads images (PUT), and the manifest of the site as it is live (GET), which a
 * deploy replaces (POST) and a test too.
 */
export async function startOutside(onUpload: (path: string) => void = () => {}) {
  let live: string | undefined;
  const server = createServer(async (request, response) => {
    if (request.method === "PUT") onUpload(request.url ?? "");
    else if (request.method === "POST") live = await text(request);
    else {
      response.writeHead(live === undefined ? 404 : 200, { "Content-Type": "application/json" }).end(live);
      return;
    }
    response.writeHead(204).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const url = `http://127.0.0.1:${port}`;
  return {
    /** What the storefront and its build are told of it; URL is the site that is live, as Netlify gives it to a build. */
    env: { UPLOAD_URL: url, URL: url },
    publish: (manifest: string) => {
      live = manifest;
    },
    close: () => server.close(),
  };
}

/** What Netlify does between a build and its `onSuccess`, as a plugin before Purge Desk: it publishes. */
export async function addDeploy(folder: string): Promise<void> {
  const code = `import { readFile } from "node:fs/promises";
    export const onSuccess = async ({ constants }) => {
      if (process.env.CONTEXT !== "production") return;
      const body = await readFile(constants.PUBLISH_DIR + "/purge-desk-images.json");
      await fetch(process.env.UPLOAD_URL, { method: "POST", body });
    };`;
  await addPlugin(folder, { name: "deploy-publishes", code, before: "# Purges the images" });
}

/** The deploys of this folder fail from now on, once Purge Desk has compared. */
export async function addFailure(folder: string): Promise<void> {
  const code = `export const onPostBuild = ({ utils }) => utils.build.failBuild("the deploy fails");`;
  await addPlugin(folder, { name: "deploy-fails", code, before: "[dev]" });
}

/**
 * A function that purges images, and reports progress for as long as the caller wants to wait. Anyone may call it, so it is
 * no part of the storefront that others copy.
 */
export async function addPublishImages(folder: string): Promise<void> {
  const code = `import { PurgeDeskError, purgeDesk } from "purge-desk/client";
    export default async function publishImages(request) {
      const { images, settleSeconds, waitMs } = await request.json();
      const desk = purgeDesk();
      const submission = await desk.purge({ images, settleSeconds, reason: "published" });
      const progress = [];
      try {
        await desk.wait(submission, {
          signal: AbortSignal.timeout(waitMs),
          onProgress: ({ completed, purges }) => progress.push(completed + " of " + purges.length),
        });
        return Response.json({ end: "done", progress });
      } catch (error) {
        if (!(error instanceof PurgeDeskError) || error.code !== "aborted") throw error;
        // The purges go on: what is read here is how far they are.
        const { state } = await desk.read(submission.batches[0].purges[0].id);
        return Response.json({ end: "aborted", progress, state });
      }
    }
    export const config = { path: "/publish-images", method: "POST" };`;
  await writeFile(join(folder, "netlify/functions/publish-images.mjs"), code);
}

/** Each plugin is a process of its own in each build. */
async function addPlugin(
  folder: string,
  { name, code, before }: { readonly name: string; readonly code: string; readonly before: string },
): Promise<void> {
  const ofPlugin = join(folder, "plugins", name);
  await mkdir(ofPlugin, { recursive: true });
  await writeFile(join(ofPlugin, "manifest.yml"), `name: ${name}\n`);
  await writeFile(join(ofPlugin, "index.js"), code);
  await writeFile(join(ofPlugin, "package.json"), JSON.stringify({ type: "module" }));
  const file = join(folder, "netlify.toml");
  const settings = await readFile(file, "utf8");
  await writeFile(
    file,
    settings.replace(before, () => `[[plugins]]\n  package = "/plugins/${name}"\n\n${before}`),
  );
}
