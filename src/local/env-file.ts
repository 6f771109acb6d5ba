import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import type { Environment } from "../config.ts";
import { CannotStart } from "./cannot-start.ts";

/** In characters: many times what all settings take. Node's own parser takes the square of a file's length. */
const longestFile = 64 * 1024;

/** The environment, and below it what the file says: a variable that is set wins. A missing file is none. */
export function withEnvFile(path: string, env: Environment): Environment {
  const text = readIfThere(path);
  if (text.length > longestFile) {
    throw new CannotStart(`${path} has more than ${longestFile} characters: it cannot be a file of settings`);
  }
  return { ...parseEnv(text), ...env };
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return "";
    throw new CannotStart(`${path} is there but cannot be read`, { cause });
  }
}
