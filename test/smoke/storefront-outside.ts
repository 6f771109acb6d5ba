/** What stands in for Netlify and the image store around the storefront of the smoke test. */

import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import * as z from "zod";

/**
 * What is outside the storefront: where it uploads images (PUT), and the manifest of the site as it is live (GET), which a
 * deploy replaces (POST).
 */
export async function startOutside(folder: string, onUpload: (path: string) => void) {
  let live: Buffer | undefined;
  const server = createServer(async (request, response) => {
    if (request.method === "PUT") {
      onUpload(request.url ?? "");
      response.writeHead(204).end();
      return;
    }
    if (request.method === "POST") {
      live = await readFile(join(folder, "dist/purge-desk-images.json"));
      response.writeHead(204).end();
      return;
    }
    response.writeHead(live === undefined ? 404 : 200, { "Content-Type": "application/json" }).end(live);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = z.object({ port: z.number() }).parse(server.address());
  return { url: `http://127.0.0.1:${address.port}`, close: () => server.close() };
}

/**
 * What Netlify does between a build and its `onSuccess`, as two plugins: the one before Purge Desk publishes, and the one
 * after it fails the deploy if that is asked for.
 */
export async function addDeploy(folder: string): Promise<void> {
  const deploys = {
    "deploy-publishes": `export const onSuccess = async () => {
      if (process.env.CONTEXT === "production") await fetch(process.env.UPLOAD_URL, { method: "POST" });
    };`,
    "deploy-fails": `export const onPostBuild = ({ utils }) => {
      if (process.env.DEPLOY_FAILS) utils.build.failBuild("the deploy fails");
    };`,
  };
  for (const [name, code] of Object.entries(deploys)) {
    await mkdir(join(folder, "plugins", name), { recursive: true });
    await writeFile(join(folder, "plugins", name, "manifest.yml"), `name: ${name}\n`);
    await writeFile(join(folder, "plugins", name, "index.js"), code);
    await writeFile(join(folder, "plugins", name, "package.json"), JSON.stringify({ type: "module" }));
  }
  const entry = (name: string) => `[[plugins]]\n  package = "/plugins/${name}"\n\n`;
  const file = join(folder, "netlify.toml");
  const settings = await readFile(file, "utf8");
  const withDeploy = settings
    .replace("# Purges the images", `${entry("deploy-publishes")}$&`)
    .replace("[dev]", `${entry("deploy-fails")}$&`);
  await writeFile(file, withDeploy);
}
