const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const moment = new Intl.DateTimeFormat(undefined, {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});
const age = new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "short" });

/** Shows every `time` below in the reader's zone, and ages in words that are kept true. The title stays UTC. */
export function localTimes(root: Document): void {
  rewriteTimes(root);
  setInterval(() => rewriteTimes(root), 15_000);
}

/** Once, for what has just been put into the page. */
export function rewriteTimes(root: ParentNode): void {
  for (const time of root.querySelectorAll("time")) {
    const text = wordsFor(time.dataset["show"], new Date(time.dateTime));
    if (time.textContent !== text) time.textContent = text;
  }
}

function wordsFor(show: string | undefined, at: Date): string {
  if (show === "clock") return clock.format(at);
  return show === "age" ? ageOf(at) : moment.format(at);
}

/** `now`, `5 min. ago`; what is older than a day is a date. */
function ageOf(at: Date): string {
  const seconds = Math.round((at.getTime() - Date.now()) / 1000);
  if (Math.abs(seconds) < 60) return age.format(seconds > -5 && seconds < 5 ? 0 : seconds, "second");
  if (Math.abs(seconds) < 3_600) return age.format(Math.round(seconds / 60), "minute");
  if (Math.abs(seconds) < 86_400) return age.format(Math.round(seconds / 3_600), "hour");
  return moment.format(at);
}
