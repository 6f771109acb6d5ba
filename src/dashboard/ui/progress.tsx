import { countStates, type Line } from "../../ui/batch-lines.ts";

/** A batch's progress as a bar and in words. Each count links to the first such line. */
export function Progress({ lines }: { readonly lines: readonly Line[] }) {
  const counts = countStates(lines);
  const completed = counts.find(({ state }) => state === "completed")?.count ?? 0;
  const words = [`${completed} of ${lines.length} completed`];
  for (const { state, count } of counts) if (state !== "completed") words.push(`${count} ${state}`);
  let from = 0;
  const parts = counts.map(({ state, count }) => {
    const part = { state, x: (from / lines.length) * 100, width: (count / lines.length) * 100 };
    from += count;
    return part;
  });
  return (
    <div class="progress" id="progress">
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
              <a href={`#line-${first}`}>
                {count} {state}
              </a>
            </>
          ))}
      </p>
    </div>
  );
}
