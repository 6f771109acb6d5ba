/** Prints, and says whether it arrived: a disk may be full. A reader that has closed its pipe has seen enough. */
export function print(text: string): Promise<boolean> {
  return new Promise((resolve) => {
    process.stdout.write(text, (error) => resolve(!error || ("code" in error && error.code === "EPIPE")));
  });
}
