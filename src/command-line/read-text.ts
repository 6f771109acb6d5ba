import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { printable } from "../local/printable.ts";
import { UsageError } from "./exit-codes.ts";

/** The text of a file, or of stdin (`-`), without a byte order mark. Throws UsageError unless it is there, and is UTF-8. */
export async function readText(path: string): Promise<string> {
  const name = nameOfInput(path);
  const bytes = await (path === "-" ? buffer(process.stdin) : readFile(path)).catch((cause: unknown) => {
    const code = cause instanceof Error && "code" in cause ? ` (${cause.code})` : "";
    throw new UsageError(`${name} cannot be read${code}`, { cause });
  });
  // Windows' editors and PowerShell write it. A text that was meant has no NUL.
  if (bytes.includes(0)) throw new UsageError(`${name} is UTF-16 or no text. Save it as UTF-8`);
  return decode(bytes) ?? refuse(name, bytes);
}

/** What messages call it. */
export function nameOfInput(path: string): string {
  return path === "-" ? "stdin" : printable(path);
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** A wrong letter would name another file. */
function refuse(name: string, bytes: Buffer): never {
  let line = 1;
  for (let from = 0; from < bytes.length; line += 1) {
    const next = bytes.indexOf("\n", from) + 1 || bytes.length;
    if (decode(bytes.subarray(from, next)) === undefined) break;
    from = next;
  }
  throw new UsageError(`${name}:${line} is not UTF-8. Save the file as UTF-8`);
}
