import { sha256Hex } from "../domain/sha256.ts";
import type { EpochMs } from "../domain/time.ts";

/**
 * The name of a target's pointer: 64 hexadecimal characters. A purge that is scheduled for an instant has a pointer of its
 * own: requests for another instant, or for now, never find it.
 */
export function pointerName(url: string, sendAfter: EpochMs | undefined): Promise<string> {
  return sha256Hex(sendAfter === undefined ? url : `${sendAfter} ${url}`);
}

/**
 * The name under which an actor's repetitions of a URL count, whatever its query and whether it is a wildcard: 16
 * hexadecimal characters. A hook in a loop often adds a new query each time.
 */
export async function repeatName(url: string): Promise<string> {
  const [path = ""] = url.split("?", 1);
  return (await sha256Hex(path.endsWith("*") ? path.slice(0, -1) : path)).slice(0, 16);
}
