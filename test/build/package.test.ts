// @module-tag slow

import { access, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { environmentOfTests, tokens } from "../support/app.ts";
import { openPackageProject, type PackageProject, patientMs } from "../support/packed-package.ts";
import { runHere } from "../support/run-command.ts";
import { type ServedDesk, serveDesk } from "../support/served-desk.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

let served: ServedDesk;
/** In plain JavaScript. */
let shop: PackageProject;

beforeAll(async () => {
  served = await serveDesk();
  shop = await openPackageProject();
}, patientMs);
afterAll(async () => {
  await served?.close();
  await shop?.close();
});

const env = () => ({
  PATH: process.env["PATH"] ?? "",
  PURGE_DESK_URL: served.url,
  PURGE_DESK_TOKEN: tokens.purge,
});
const command = (words: readonly string[]) =>
  shop.run(join(shop.project, "node_modules/.bin/purge-desk"), words, env());

/** The name of a part of a bundle, which changes with its content. */
function withoutHash(path: string): string {
  return path.replace(/-[A-Z0-9]{8}\.js$/, "-*.js");
}

function withoutComments(text: string): string {
  return text.replace(/^ *\/\*\*[\s\S]*?\*\/\n/gm, "");
}

test("the package's public surface is what package-surface.md lists (vitest -u writes it)", async () => {
  const manifest = z
    .object({ exports: z.record(z.string(), z.unknown()), bin: z.record(z.string(), z.string()) })
    .parse(JSON.parse(await shop.installed("package.json")));
  const script = 'console.log(Object.keys(await import("purge-desk/client")).sort().join("\\n"))';
  const { stdout: values } = await shop.run(process.execPath, ["--input-type=module", "-e", script]);
  const declared = shop.packed.files.filter((path) =>
    /types\/(?:client|netlify)\/(?!generated).*\.d\.ts$/.test(path),
  );
  const declarations: string[] = [];
  for (const path of declared)
    declarations.push(`// ${path}\n${withoutComments(await shop.installed(path))}`);
  const help = (await command(["--help"])).stdout;
  const names = [...help.slice(help.indexOf("Commands:")).matchAll(/^ {2}([a-z]+) /gm)].map(
    ([, name = ""]) => name,
  );
  const helps = [help.trim()];
  // Of the sources: it is the same text, and twelve processes less.
  for (const name of names.filter((each) => each !== "help"))
    helps.push((await runHere([name, "--help"])).stdout.trim());
  const section = (title: string, text: string) => `## ${title}\n\n\`\`\`text\n${text.trim()}\n\`\`\`\n`;
  const inputs = await shop.installed("dist/package/netlify-build-plugin/manifest.yml");
  const surface = [
    "# What the package `purge-desk` gives to those who install it\n",
    section("Files", [...new Set(shop.packed.files.map(withoutHash))].join("\n")),
    section("Entries", [...Object.keys(manifest.exports), ...Object.keys(manifest.bin)].join("\n")),
    section("Values of purge-desk/client", values),
    section("Declarations", declarations.join("\n")),
    section("Commands", helps.join("\n\n")),
    section("Inputs of the build plugin", inputs),
  ];
  await expect(surface.join("\n")).toMatchFileSnapshot("package-surface.md");
});

test("the package has no test, no simulator, no source map, no path of this machine and no secret", async () => {
  expect(
    shop.packed.files.filter(
      (path) =>
        !/^(dist\/package\/|test\/fixtures\/storefront\/|test\/bench\/README\.md$|test\/browser\/screenshots\/requests-(light|dark)\.png$|[A-Z]+\.md$|LICENSE$|package\.json$)/.test(
          path,
        ),
    ),
  ).toEqual([]);
  expect(shop.packed.files.filter((path) => /\.map$|\.test\.|simulat/.test(path))).toEqual([]);
  for (const path of shop.packed.files) {
    const text = await shop.installed(path);
    expect(text, path).not.toContain(root.replace(/\/$/, ""));
    expect(text, path).not.toContain(homedir() === "/" ? "sourceMappingURL" : `${homedir()}/`);
    expect(text, path).not.toMatch(/sourceMappingURL|SimulatedImageKit|private_[a-z0-9]{8}/);
  }
});

test("the declarations of the package import files that are in it", async () => {
  const declarations = shop.packed.files.filter((path) => path.endsWith(".d.ts"));
  const imported: string[] = [];
  for (const path of declarations) {
    for (const [, to = ""] of (await shop.installed(path)).matchAll(/(?:from |import\()"(\.[^"]*)"/g)) {
      imported.push(join(dirname(path), to).replace(/\.js$/, ".d.ts"));
    }
  }
  expect(imported.length).toBeGreaterThan(5);
  expect(declarations).toEqual(expect.arrayContaining(imported));
});

/** What a document links to, or shows: the targets of Markdown links, and of `src` and `srcset` in its HTML. */
function targetsIn(document: string): readonly string[] {
  const links = [...document.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, to = ""]) => to);
  const pictures = [...document.matchAll(/\ssrc(?:set)?="([^"]*)"/g)].flatMap(([, sources = ""]) =>
    sources.split(",").map((source) => source.trim().split(/\s/)[0] ?? ""),
  );
  return [...links, ...pictures];
}

test("every link and every picture of the installed documents leads to a file of the package", async () => {
  const documents = shop.packed.files.filter((path) => /^[A-Z]+\.md$/.test(path));
  expect(documents).toContain("README.md");
  const targets: string[] = [];
  for (const path of documents) targets.push(...targetsIn(await shop.installed(path)));
  expect(targets).toEqual(
    expect.arrayContaining(
      ["RECIPES.md", "-light.png", "-dark.png"].map((end) => expect.stringContaining(end)),
    ),
  );
  for (const to of new Set(targets.filter((target) => !target.includes(":"))))
    await access(join(shop.project, "node_modules/purge-desk", to));
});

test("the installed client is at most 5 kB gzipped", async () => {
  expect(gzipSync(await shop.installed("dist/package/client.js")).byteLength).toBeLessThanOrEqual(5_000);
});

test.each([
  ["ESM", "purge.mjs", 'import { purgeDesk } from "purge-desk/client";'],
  ["CommonJS", "purge.js", 'const { purgeDesk } = require("purge-desk/client");'],
])("an empty project in plain JavaScript, %s, purges with the installed client", async (_, name, line) => {
  const url = `https://ik.imagekit.io/demo/${name}.jpg`;
  const code = `purgeDesk().purge({ urls: ["${url}"] }).then(({ units }) => console.log(units));`;
  await writeFile(join(shop.project, name), `${line}\n${code}\n`);
  const { stdout, stderr } = await shop.run(process.execPath, [name], env());
  expect([stdout, stderr]).toEqual(["1\n", ""]);
  expect(served.imagekit.purged).toContain(JSON.stringify({ url }));
});

test("an empty project in plain JavaScript answers with the installed functions", async () => {
  const name = "functions.mjs";
  await writeFile(
    join(shop.project, name),
    `import { api, pages, sweep } from "purge-desk/netlify";
     const at = (path) => new Request("https://shop.example" + path, { headers: { Accept: "text/html" } });
     const mount = { basePath: "/_purge" };
     const spec = await api(mount)(at("/_purge/api/openapi.json"), {});
     const signIn = await pages(mount)(at("/_purge/sign-in"), {});
     const swept = await sweep()(new Request("https://shop.example/", { method: "POST" }), {});
     process.stderr.write([spec, signIn, swept].map(({ status }) => status).join());`,
  );
  const settings = {
    ...environmentOfTests,
    UPSTASH_REDIS_REST_URL: served.redis.url,
    UPSTASH_REDIS_REST_TOKEN: served.redis.token,
    PURGE_SESSION_SECRET: "a secret of the tests, long enough",
  };
  const { stderr } = await shop.run(process.execPath, [name], { ...env(), ...settings });
  expect(stderr).toBe("200,200,204");
});

test("the installed command plans", async () => {
  const { stdout } = await command(["plan", "/installed-too.jpg"]);
  expect(stdout).toContain("1 unit;");
});

test("the installed command writes the dashboard's files below a base path", async () => {
  const { stdout } = await command(["assets", "public/_purge"]);
  const names = ["dashboard.css", "dashboard.js", "icon.svg"];
  const paths = names.map((name) => join("public/_purge/assets", name));
  expect(stdout.trim().split("\n")).toEqual(paths);
  expect(JSON.parse((await command(["assets", "public/_purge", "--json"])).stdout)).toEqual(paths);
  for (const name of names) {
    const written = await readFile(join(shop.project, "public/_purge/assets", name), "utf8");
    expect(written).toBe(await shop.installed(`dist/package/assets/${name}`));
  }
});

test("npm publish would send the package as it was packed", async () => {
  const words = ["publish", shop.packed.source, "--dry-run", "--ignore-scripts", "--json"];
  const { stdout } = await shop.run("npm", words);
  const published = z.object({ name: z.string(), files: z.array(z.object({ path: z.string() })) });
  // Npm 11 prints an object of packages, npm 10 the package.
  const { name, files } = z
    .union([published, z.object({ "purge-desk": published }).transform((all) => all["purge-desk"])])
    .parse(JSON.parse(stdout));
  expect(name).toBe("purge-desk");
  expect(files.map(({ path }) => path).sort()).toEqual(shop.packed.files);
});
