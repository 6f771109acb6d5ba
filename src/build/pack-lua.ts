import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Plugin } from "esbuild";

/** A string, kept as it is · a comment · the end of a line · a mark that needs no space around it. */
const tokens =
  /('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")|\s*--[^\n]*|([ \t]*\n)\s*|[ \t]*([,=~<>(){}+*/]+)[ \t]*/g;

/**
 * The same Lua in fewer bytes: without comments, indentation, and spaces that no token needs (`-` and `..` keep
 * theirs: `a - -b`, `1 ..b`). Long brackets (`[[…]]`) are not understood and throw.
 */
export function compactLua(source: string): string {
  if (/\[=*\[/.test(source)) throw new Error("compactLua does not know long brackets");
  return source.replace(tokens, (_, text?: string, lineEnd?: string, mark?: string) => {
    return text ?? mark ?? (lineEnd === undefined ? "" : "\n");
  });
}

/** Puts a mark in place of every template of the ledger that is Lua, and all of them, packed, where they are read. */
export const packLuaPlugin: Plugin = {
  name: "pack-lua",
  async setup(build) {
    const pieces: string[] = [];
    const files = new Map<string, string>();
    for (const path of await ledgerFiles()) {
      const text = (await readFile(path, "utf8")).replace(luaTemplate, (_, raw: string) => {
        pieces.push(compactLua(textOf(raw)));
        return JSON.stringify(`@${pieces.length - 1};`);
      });
      files.set(path, text);
    }
    const packed = gzipSync(JSON.stringify(pieces), { level: 9 }).toString("base64");
    build.onLoad({ filter: /[\\/]src[\\/]ledger[\\/].*\.ts$/ }, ({ path }) => ({
      contents: (files.get(path) ?? "").replace(
        "const packedPieces: string | undefined = undefined;",
        () => `const packedPieces: string | undefined = "${packed}";`,
      ),
      loader: "ts",
    }));
  },
};

const luaTemplate = /\/\* lua \*\/\s*`((?:[^`\\]|\\.)*)`/g;

async function ledgerFiles(): Promise<readonly string[]> {
  const folder = fileURLToPath(new URL("../ledger/", import.meta.url));
  const names = await readdir(folder, { recursive: true });
  return names
    .filter((name) => name.endsWith(".ts"))
    .sort()
    .map((name) => join(folder, name));
}

/** What the text between backticks stands for. */
function textOf(raw: string): string {
  return raw.replace(/\\(.)|\$\{/g, (found, escaped?: string) => {
    if (escaped === "\\" || escaped === "`") return escaped;
    throw new Error(`${found} in a Lua template: only an escaped backslash or backtick is known`);
  });
}
