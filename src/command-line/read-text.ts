import { constants } from "node:buffer";
import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { printable } from "../local/printable.ts";
import { UsageError } from "./exit-codes.ts";
import type { Input } from "./streams.ts";

/** In bytes. Many times what one request takes: 1,000 lines of the longest URLs are 4 MB. */
export const longestList = 16 * 1024 * 1024;
/** In bytes: the longest text that there can be. */
export const longestText = constants.MAX_STRING_LENGTH;

/**
 * The text of a file, or of stdin (`-`), without a byte order mark. Throws UsageError unless it is there, is UTF-8, and has
 * at most `mostBytes` bytes; it reads no more than that.
 */
export async function readText(path: string, stdin: Input, mostBytes: number): Promise<string> {
  const name = nameOfInput(path);
  const bytes = await readBytes(path === "-" ? stdin : createReadStream(path), mostBytes).catch(
    (cause: unknown) => {
      const code = cause instanceof Error && "code" in cause ? ` (${cause.code})` : "";
      throw new UsageError(`${name} cannot be read${code}`, { cause });
    },
  );
  if (bytes === undefined) {
    const most = Math.floor(mostBytes / 1024 / 1024);
    throw new UsageError(`${name} is too large: it may have at most ${most} MiB`);
  }
  // Windows' editors and PowerShell write it. A text that was meant has no NUL.
  if (bytes.includes(0)) throw new UsageError(`${name} is UTF-16 or no text. Save it as UTF-8`);
  return decode(bytes) ?? refuse(name, bytes);
}

/** What messages call it. */
export function nameOfInput(path: string): string {
  return path === "-" ? "stdin" : printable(path);
}

/** A text's lines, wherever it was written. */
export function splitLines(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/);
}

async function readBytes(input: Readable, most: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let read = 0;
  for await (const chunk of input) {
    read += chunk.length;
    if (read > most) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError && "code" in error && error.code === "ERR_ENCODING_INVALID_ENCODED_DATA") {
      return undefined;
    }
    throw error;
  }
}

/** A wrong letter would name another file. */
function refuse(name: string, bytes: Buffer): never {
  // One character a byte.
  const lines = splitLines(bytes.toString("latin1"));
  const bad = lines.findIndex((line) => decode(Buffer.from(line, "latin1")) === undefined);
  throw new UsageError(`${name}:${bad + 1} is not UTF-8. Save the file as UTF-8`);
}
