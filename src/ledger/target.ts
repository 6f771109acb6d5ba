import { sha256Hex } from "../domain/sha256.ts";
import type { EpochMs } from "../domain/time.ts";

/**
 * The name of a target's pointer, SHA-256 in hexadecimal. A purge that is scheduled for an instant has a pointer of its own:
 * requests for another instant, or for now, never find it.
 */
export function pointerName(url: string, sendAfter: EpochMs | undefined): Promise<string> {
  return sha256Hex(sendAfter === undefined ? url : `${sendAfter} ${url}`);
}
