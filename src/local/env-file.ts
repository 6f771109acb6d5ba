import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import type { Environment } from "../config.ts";
import { CannotStart } from "./cannot-start.ts";

/** The environment, and below it what the file says: a variable that is set wins. A missing file is none. */
export function withEnvFile(path: string, env: Environment): Environment {
  return { ...parseEnv(readIfThere(path)), ...env };
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return "";
    throw new CannotStart(`${path} is there but cannot be read`, { cause });
  }
}
