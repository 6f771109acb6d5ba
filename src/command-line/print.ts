import { setTimeout } from "node:timers/promises";
import type { Output } from "./streams.ts";

/** Prints, and says whether all of it arrived: a disk may be full, or the reader gone. main.ts reports it. */
export function print(stream: Output, text: string): Promise<boolean> {
  return new Promise((resolve) => {
    stream.write(text, (error) => resolve(!error));
  });
}

export function printLine(stream: Output, text: string): void {
  stream.write(`${text}\n`);
}

export function printJson(stream: Output, value: unknown): void {
  printLine(stream, asJson(value));
}

export function asJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}

/**
 * Waits until what was printed has left the process: on Windows, and in pipes, ending it earlier would cut it. It waits a
 * second at most, because a reader may stand still.
 */
export async function flushOutput(): Promise<void> {
  const flushed = [process.stdout, process.stderr].map(
    (stream) => new Promise<void>((resolve) => void stream.write("", () => resolve())),
  );
  await Promise.race([Promise.all(flushed), setTimeout(1_000)]);
}
