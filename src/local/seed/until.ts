import type { Clock } from "../../domain/time.ts";
import { CannotStart } from "../cannot-start.ts";
import type { InstanceApi, SeededPurge } from "./instance-api.ts";

/** Reads a purge until it has become what is wanted. Throws CannotStart after 30 s. */
export async function untilTrue(
  api: InstanceApi,
  clock: Clock,
  id: string,
  what: string,
  isSo: (purge: SeededPurge) => boolean,
): Promise<void> {
  const deadlineMs = clock.monotonicMs() + 30_000;
  while (!isSo(await api.read(id))) {
    if (clock.monotonicMs() > deadlineMs) throw new CannotStart(`${id} did not become ${what} within 30 s`);
    await clock.sleep(250);
  }
}
