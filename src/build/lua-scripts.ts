import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";

const folder = new URL("../ledger/scripts/", import.meta.url);
const exports = "--@exports ";
const topLevelLocals = /^local (?:function )?(\w+(?:, \w+)*)/gm;

/** The TypeScript module with the ledger's scripts, which `writeLuaScripts` writes. */
export const generatedScripts = new URL("generated.ts", folder);

/** Lua files by name: `reserve` for `reserve.lua`, `lib/books` for `lib/books.lua`; each as a script contains it. */
export type LuaFiles = ReadonlyMap<string, string>;

export async function readLuaFiles(): Promise<LuaFiles> {
  const paths = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith(".lua")).sort();
  const files = paths.map(async (path) => {
    const name = path.replaceAll("\\", "/").replace(/\.lua$/, "");
    return [name, scopeOf(name, await readFile(new URL(path, folder), "utf8"))] as const;
  });
  return new Map(await Promise.all(files));
}

/**
 * The text of a file whose names are its own but for those in lines such as `--@exports save, load`, which the files
 * after it may use too. Lua allows 200 local names in one scope, and all files of a script share one. A text without such a
 * line is left as it is: it shares all of its names. Throws if a name is exported and defined with `local`, because the
 * files after it would not see that one.
 */
export function scopeOf(file: string, text: string): string {
  const lines = text.trimEnd().split("\n");
  const last = lines.findLastIndex((line) => line.startsWith(exports));
  if (last === -1) return text;
  const exported = new Set<string>();
  const scoped = lines.map((line, index) => {
    if (!line.startsWith(exports)) return line;
    const names = line.slice(exports.length);
    for (const name of names.split(", ")) exported.add(name);
    return `local ${names}${index === last ? " do" : ""}`;
  });
  for (const [, names = ""] of text.matchAll(topLevelLocals)) {
    const hidden = names.split(", ").find((name) => exported.has(name));
    if (hidden !== undefined) throw new Error(`${file} exports ${hidden}, so it is defined without "local"`);
  }
  return `${[...scoped, "end"].join("\n")}\n`;
}

/**
 * The files of a script, each after all files that it includes; the script itself is last. A file includes one of `lib/`
 * with a line such as `--@include books`. Throws if an included file does not exist or files include each other in a circle.
 */
export function filesOf(script: string, files: LuaFiles): readonly string[] {
  const parts: string[] = [];
  const add = (name: string, includers: readonly string[]) => {
    if (includers.includes(name)) throw new Error(`${[...includers, name].join(" includes ")}: a circle`);
    if (parts.includes(name)) return;
    const source = files.get(name);
    if (source === undefined) throw new Error(`${includers.at(-1)} includes ${name}, which does not exist`);
    for (const [, included] of source.matchAll(/^--@include (\S+)$/gm))
      add(`lib/${included}`, [...includers, name]);
    parts.push(name);
  };
  add(script, []);
  return parts;
}

/** Every script of the ledger with its parts and its complete source. Files of `lib/` are only parts. */
export function assembleScripts(files: LuaFiles) {
  const names = [...files.keys()].filter((name) => !name.startsWith("lib/"));
  return names.map((name) => {
    const parts = filesOf(name, files);
    return { name, parts, source: parts.map((part) => files.get(part)).join("\n") };
  });
}

/** The source of the TypeScript module: each Lua file's text once, and each script's parts and SHA-1. */
export function generateModule(files: LuaFiles): string {
  const scripts = assembleScripts(files);
  const used = new Set(scripts.flatMap(({ parts }) => parts));
  const unused = [...files.keys()].filter((name) => !used.has(name));
  if (unused.length > 0) throw new Error(`no script includes ${unused.join(", ")}`);
  const texts = [...files].map(([name, text]) => `  ${JSON.stringify(name)}: \`${escapeTemplate(text)}\`,\n`);
  const entries = scripts.map(({ name, parts, source }) => {
    const sha1 = createHash("sha1").update(source).digest("hex");
    return `  ${JSON.stringify(name)}: { sha1: "${sha1}", parts: ${JSON.stringify(parts)} },\n`;
  });
  return [
    "// Made from the .lua files of this folder by `npm run generate`. Change those instead.\n\n",
    "/** Text of each Lua file. */\n",
    `export const texts = {\n${texts.join("")}} as const;\n\n`,
    "/** Each script's parts, in order, and the SHA-1 of these texts joined by line feeds. */\n",
    `export const scripts = {\n${entries.join("")}} as const;\n`,
  ].join("");
}

/** Writes the module if it has changed. */
export async function writeLuaScripts(): Promise<void> {
  const module = generateModule(await readLuaFiles());
  if ((await readFile(generatedScripts, "utf8").catch(() => "")) !== module) {
    await writeFile(generatedScripts, module);
  }
}

function escapeTemplate(text: string): string {
  return text.replace(/[`\\]|\$\{/g, "\\$&");
}
