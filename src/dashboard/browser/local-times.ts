// The page is in English, so its times are too. The zone is the reader's.
const language = "en-GB";
const clock = new Intl.DateTimeFormat(language, { timeStyle: "medium" });
const clockWithoutSeconds = new Intl.DateTimeFormat(language, { timeStyle: "short" });
const moment = momentFormat({});
const momentOfAnotherYear = momentFormat({ year: "numeric" });
const wholeTime = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "long" });
const age = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });

/** Keeps ages such as “5 min ago” up to date, and prints whole times: paper has no age, no year and no zone. */
export function localTimes(root: Document): void {
  setInterval(() => rewriteTimes(root), 15_000);
  addEventListener("beforeprint", () => {
    for (const time of root.querySelectorAll("time"))
      time.textContent = wholeTime.format(new Date(time.dateTime));
  });
  addEventListener("afterprint", () => rewriteTimes(root));
}

/**
 * Shows every `time` below `root` in the reader's zone, in the form that its `data-show` names. Its title stays the
 * exact time in UTC.
 */
export function rewriteTimes(root: ParentNode): void {
  for (const time of root.querySelectorAll("time")) {
    const at = new Date(time.dateTime);
    const text = textFor(time.dataset["show"], at);
    if (time.textContent !== text) time.textContent = text;
  }
}

/** `14:02`. */
export function clockOf(at: Date): string {
  return clockWithoutSeconds.format(at);
}

function textFor(show: string | undefined, at: Date): string {
  if (show === "clock") return clock.format(at);
  return show === "age" ? ageOf(at) : momentOf(at);
}

/** `now`, `5 min ago`; a date if older than a day. */
function ageOf(at: Date): string {
  const seconds = Math.round((at.getTime() - Date.now()) / 1000);
  if (Math.abs(seconds) < 60) return age.format(seconds > -5 && seconds < 5 ? 0 : seconds, "second");
  if (Math.abs(seconds) < 3_600) return age.format(Math.round(seconds / 60), "minute");
  if (Math.abs(seconds) < 86_400) return age.format(Math.round(seconds / 3_600), "hour");
  return momentOf(at);
}

/** `24 Nov, 14:02`; with the year if it is not the current one. */
export function momentOf(at: Date): string {
  return (at.getFullYear() === new Date().getFullYear() ? moment : momentOfAnotherYear).format(at);
}

/** `1 Dec`: the date in that time zone, in the words of the server (`dateIn`). */
export function dayIn(timeZone: string, at: Date): string {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone, day: "numeric", month: "short" }).formatToParts(
    at,
  );
  const part = (wanted: string) => parts.find(({ type }) => type === wanted)?.value ?? "";
  return `${part("day")} ${part("month")}`;
}

function momentFormat(more: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(language, {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    ...more,
  });
}
