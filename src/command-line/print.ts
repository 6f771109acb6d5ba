/** Prints, and says whether all of it arrived: a disk may be full, or the reader gone. What is said of that stands in main.ts. */
export function print(text: string): Promise<boolean> {
  return new Promise((resolve) => {
    process.stdout.write(text, (error) => resolve(!error));
  });
}

/** Waits until what was printed has left the process: on Windows, and in pipes, ending it earlier would cut it. */
export async function flushOutput(): Promise<void> {
  await Promise.all(
    [process.stdout, process.stderr].map(
      (stream) => new Promise<void>((resolve) => void stream.write("", () => resolve())),
    ),
  );
}
