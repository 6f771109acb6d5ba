import { countStates, type Line } from "./batch-lines.ts";

/** The number of lines that are completed. */
export function completedOf(lines: readonly Line[]): number {
  return lines.filter(({ state }) => state === "completed").length;
}

/** A batch's progress as a bar and in words. Each count links to the first such line. */
export function Progress(props: {
  readonly lines: readonly Line[];
  /** The page that has the lines, if it is another one; and what makes the bar's id unique there. */
  readonly page?: string | undefined;
  readonly id?: string | undefined;
}) {
  const { lines, page = "", id = "progress" } = props;
  const counts = countStates(lines);
  const completed = completedOf(lines);
  const words = [`${completed} of ${lines.length} completed`];
  for (const { state, count } of counts) if (state !== "completed") words.push(`${count} ${state}`);
  let from = 0;
  const parts = counts.map(({ state, count }) => {
    const part = { state, x: (from / lines.length) * 100, width: (count / lines.length) * 100 };
    from += count;
    return part;
  });
  return (
    <div class="progress" id={id}>
      <div
        role="progressbar"
        aria-label="Completed"
        aria-valuemin={0}
        aria-valuemax={lines.length}
        aria-valuenow={completed}
        aria-valuetext={words.join(", ")}
      >
        <svg aria-hidden="true" width="100%" height="10">
          {parts.map(({ state, x, width }) => (
            <rect class={state} x={`${x.toFixed(2)}%`} width={`${width.toFixed(2)}%`} height="10" />
          ))}
        </svg>
      </div>
      <p>
        <strong>{words[0]}</strong>
        {counts
          .filter(({ state }) => state !== "completed")
          .map(({ state, count, first }) => (
            <>
              {", "}
              <a href={`${page}#line-${first}`}>
                {count} {state}
              </a>
            </>
          ))}
      </p>
    </div>
  );
}
