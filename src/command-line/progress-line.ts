import type { Progress } from "../client/client.ts";
import type { Output } from "./streams.ts";

const width = 24;

/** Shows progress on a line of its own: a bar on a terminal, elsewhere a line whenever something has changed. */
export function progressLine(stream: Output) {
  let shown = "";
  const onTerminal = stream.isTTY;
  return {
    show(progress: Progress): void {
      const text = describe(progress);
      if (onTerminal) stream.write(`\r\u001b[K${bar(progress)} ${text}`);
      else if (text !== shown) stream.write(`${text}\n`);
      shown = text;
    },
    /** Leaves the terminal's line free. */
    end(): void {
      if (onTerminal && shown !== "") stream.write("\r\u001b[K");
    },
  };
}

function describe({ purges, completed, notCleared }: Progress): string {
  const failed = notCleared.length === 0 ? "" : `, ${notCleared.length} not cleared`;
  return `${completed} of ${purges.length} cleared${failed}`;
}

function bar({ purges, completed, notCleared }: Progress): string {
  const ended = completed + notCleared.length;
  const filled = purges.length === 0 ? width : Math.floor((width * ended) / purges.length);
  return `[${"#".repeat(filled)}${"-".repeat(width - filled)}]`;
}
