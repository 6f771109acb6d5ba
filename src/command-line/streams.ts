import type { Readable } from "node:stream";

export type Input = Readable & { readonly isTTY?: boolean };
export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** What a command reads from and prints to: those of the process, where it has one of its own. */
export type Streams = { readonly stdin: Input; readonly stdout: Output; readonly stderr: Output };
