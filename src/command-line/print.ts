/** Prints a result. `ifLost` goes to stderr if stdout takes none, such as a full disk: what a purge cost must not be lost. */
export function print(text: string, ifLost: string): void {
  process.stdout.write(`${text}\n`, (error) => {
    // A reader that has closed its pipe has seen enough.
    if (error && !("code" in error && error.code === "EPIPE")) console.error(ifLost);
  });
}
