import { gunzip } from "../gunzip.ts";
import type { Script } from "./script.ts";

/**
 * Here a script is its text. In a deployed function each piece of Lua is a mark (`@0;`, `@1;`) instead, and the build
 * puts all pieces here: a JSON list in gzip and base64, a third of their size (src/build/pack-lua.ts).
 */
const packedPieces: string | undefined = undefined;

/** Reads scripts' texts; unpacks them once. */
export function luaReader(): (script: Script) => Promise<string> {
  let unpacking: Promise<readonly string[]> | undefined;
  return async function readLua({ source }) {
    if (packedPieces === undefined) return source;
    unpacking ??= gunzip(packedPieces).then((list) => JSON.parse(list));
    const pieces = await unpacking;
    return source.replace(/@(\d+);/g, (_, index) => pieces[index] ?? "");
  };
}
