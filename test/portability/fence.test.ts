import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };

/** The layers of `src`, top to bottom. A file imports only from its own layer and those below. */
const layers = [
  ["src/build", "src/local", "src/netlify", "src/command-line"],
  ["src/client"],
  ["src/dashboard"],
  ["src/http"],
  ["src/use-cases"],
  ["src/services.ts"],
  ["src/config.ts", "src/log.ts", "src/setting-names.ts", "src/setting-values.ts"],
  ["src/edge"],
  ["src/ledger"],
  ["src/imagekit"],
  ["src/planning"],
  ["src/rules"],
  ["src/domain"],
] as const;

const root = new URL("../../", import.meta.url);
const files = readdirSync(new URL("src", root), { recursive: true, encoding: "utf8" })
  .map((file) => posix.join("src", file.replaceAll("\\", "/")))
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => ({ file, text: readFileSync(new URL(file, root), "utf8") }));

/** What runs on any platform with web-standard APIs: all but what Netlify, `npm start`, the build and the command line need. */
const portable = files.filter(({ file }) => !/^src\/(netlify|local|build|command-line)\//.test(file));

/** What stands after `from`, in `import "…"`, and in `import("…")`. */
function importsOf({ text }: { readonly text: string }): readonly string[] {
  const specifiers = text.matchAll(
    /^(?:(?:import|export)\b[^;"'`]*?\bfrom\s*|import\s*)["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gm,
  );
  return [...specifiers].map(([, fixed = "", dynamic]) => dynamic ?? fixed);
}

function ownImportsOf(one: { readonly file: string; readonly text: string }): readonly string[] {
  return importsOf(one)
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => posix.join(posix.dirname(one.file), specifier));
}

/** The layer a file belongs to, counted from the top; -1 if it belongs to none. */
function layerOf(file: string): number {
  return layers.findIndex((paths) => paths.some((path) => file === path || file.startsWith(`${path}/`)));
}

/** A file's code without comments and the insides of plain strings, where names mean nothing. */
function codeOf(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/(^|\s)\/\/.*$/gm, "")
    .replace(/"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g, '""');
}

test("src, but for netlify, local, build and command-line, imports nothing of Node", () => {
  const found = portable.flatMap((one) =>
    importsOf(one)
      .filter((name) =>
        /^node:|^@hono\/node-server|^@types\/node|^(fs|path|crypto|http|stream|util)$/.test(name),
      )
      .map((name) => `${one.file} imports ${name}`),
  );
  expect(portable.length).toBeGreaterThan(50);
  expect(found).toEqual([]);
});

test("src, but for netlify, local, build and command-line, imports only packages that are there in production", () => {
  const packages = Object.keys(manifest.dependencies);
  const found = portable.flatMap((one) =>
    importsOf(one)
      .filter((name) => !name.startsWith("."))
      .filter((name) => !packages.some((each) => name === each || name.startsWith(`${each}/`)))
      .map((name) => `${one.file} imports ${name}`),
  );
  expect(found).toEqual([]);
});

test("domain, rules and planning import only each other, and no package", () => {
  const isPure = (path: string) => /^src\/(domain|rules|planning)\//.test(path);
  const pure = files.filter(({ file }) => isPure(file));
  const found = pure.flatMap((one) =>
    importsOf(one)
      .map((name) => (name.startsWith(".") ? posix.join(posix.dirname(one.file), name) : name))
      .filter((name) => !isPure(name))
      .map((name) => `${one.file} imports ${name}`),
  );
  expect(pure.length).toBeGreaterThan(20);
  expect(found).toEqual([]);
});

/** Imports of values: types vanish from what is bundled. */
function ownValueImportsOf({ file, text }: { readonly file: string; readonly text: string }) {
  return ownImportsOf({ file, text: text.replace(/^(?:import|export) type\b[^;]*;/gm, "") });
}

test("the client imports no package, and of the service only how a request is split", () => {
  const client = files.filter(({ file }) => file.startsWith("src/client/"));
  const found = client.flatMap((one) =>
    importsOf(one)
      .map((name) => (name.startsWith(".") ? posix.join(posix.dirname(one.file), name) : name))
      .filter((name) => !/^src\/(client\/|planning\/split-request\.ts$|rules\/limits\.ts$)/.test(name))
      .map((name) => `${one.file} imports ${name}`),
  );
  expect(client.length).toBeGreaterThan(5);
  expect(found).toEqual([]);
});

const dashboard = files.filter(({ file }) => file.startsWith("src/dashboard/"));

test("the dashboard's browser script bundles only planning, rules, shared code and itself", () => {
  const script = dashboard.filter(({ file }) => file.startsWith("src/dashboard/browser/"));
  const found = script.flatMap((one) =>
    ownValueImportsOf(one)
      .filter((imported) => !/^src\/(planning|rules|dashboard\/(browser|shared))\//.test(imported))
      .map((imported) => `${one.file} imports ${imported}`),
  );
  expect(script.length).toBeGreaterThan(15);
  expect(found).toEqual([]);
});

test("what the dashboard's server and browser share imports only planning, rules, verdicts and itself, types aside", () => {
  const shared = dashboard.filter(({ file }) => file.startsWith("src/dashboard/shared/"));
  const found = shared.flatMap((one) =>
    ownValueImportsOf(one)
      .filter(
        (imported) => !/^src\/(planning\/|rules\/|dashboard\/shared\/|domain\/verdict\.ts$)/.test(imported),
      )
      .map((imported) => `${one.file} imports ${imported}`),
  );
  expect(shared.length).toBeGreaterThan(3);
  expect(found).toEqual([]);
});

test("no server file of the dashboard imports from browser/, types included", () => {
  const server = dashboard.filter(({ file }) => !file.startsWith("src/dashboard/browser/"));
  const found = server.flatMap((one) =>
    ownImportsOf(one)
      .filter((imported) => imported.startsWith("src/dashboard/browser/"))
      .map((imported) => `${one.file} imports ${imported}`),
  );
  expect(server.length).toBeGreaterThan(40);
  expect(found).toEqual([]);
});

test("a page of the dashboard imports from no other page, and ui/ and shared/ from none", () => {
  const pageOf = (file: string) => /^src\/dashboard\/pages\/([^/]+)\//.exec(file)?.[1];
  const parts = dashboard.filter(({ file }) => /^src\/dashboard\/(pages|ui|shared)\//.test(file));
  const found = parts.flatMap((one) =>
    ownImportsOf(one)
      .filter((imported) => ![undefined, pageOf(one.file)].includes(pageOf(imported)))
      .map((imported) => `${one.file} imports ${imported}`),
  );
  expect(new Set(parts.map(({ file }) => pageOf(file))).size).toBeGreaterThan(9);
  expect(found).toEqual([]);
});

test("src, but for netlify, local, build and command-line, names neither process nor Buffer", () => {
  const found = portable
    .filter(({ text }) => /(?<![.\w])(process|Buffer|__dirname|require)(?![\w:])/.test(codeOf(text)))
    .map(({ file }) => file);
  expect(found).toEqual([]);
});

test("every file of src belongs to a layer, and imports only from its own layer and those below", () => {
  const found = files.flatMap((one) => {
    const from = layerOf(one.file);
    if (from === -1) return [`${one.file} belongs to no layer`];
    return ownImportsOf(one)
      .filter((imported) => layerOf(imported) < from)
      .map((imported) => `${one.file} imports ${imported}, which is above it`);
  });
  expect(files.length).toBeGreaterThan(150);
  expect(found).toEqual([]);
});

test("imports make no cycle, those of types included", () => {
  const imports = new Map(files.map((one) => [one.file, ownImportsOf(one)]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]) => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(" → "));
    if (done.has(file) || path.includes(file)) return;
    for (const next of imports.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  expect(imports.get("src/services.ts")).toContain("src/config.ts");
  expect(cycles).toEqual([]);
});
