import { calmSeconds } from "../../shared/calm.ts";
import { rewriteTimes } from "../local-times.ts";
import { announcer, describeUpdates, newlyAnnounced, stateChanges } from "./announce.ts";
import { connectionNote } from "./connection-note.ts";
import { patch } from "./patch.ts";
import { updatedNote } from "./updated-note.ts";

/** While the server does not answer as it should. */
const longestPauseMs = 60_000;
/** The pause of a page on which nothing is in progress doubles so often while nothing changes. */
const mostDoublings = 3;

/**
 * Keeps one region of the page up to date. The server marks it with an id and `data-refresh-seconds`, and omits the
 * latter once nothing is in progress; then refreshing ends. Fetches the page's own address, or `data-refresh-url`. Does
 * not fetch while the tab is hidden or the browser is offline.
 */
export function refresh(root: Document): void {
  const note = connectionNote(root);
  const region = root.querySelector<HTMLElement>("[id][data-refresh-seconds]");
  if (region !== null) keepTrue(root, region, note);
}

function keepTrue(root: Document, region: HTMLElement, note: ReturnType<typeof connectionNote>): void {
  const say = announcer(root);
  const updated = updatedNote(root);
  let failures = 0;
  /** Refreshes in a row that brought nothing new. */
  let unchanged = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAsking = false;
  let isDue = false;

  /** Undefined once nothing is in progress. */
  const pauseMs = () => {
    const seconds = Number(region.dataset["refreshSeconds"] ?? 0);
    if (seconds <= 0) return undefined;
    if (seconds >= calmSeconds) return seconds * 1_000 * 2 ** Math.min(unchanged, mostDoublings);
    return Math.min(seconds * 1_000 * 2 ** failures, longestPauseMs);
  };
  const wait = (pause = pauseMs()) => {
    clearTimeout(timer);
    if (pause !== undefined) timer = setTimeout(look, pause);
  };
  const look = async () => {
    isDue = true;
    if (isAsking || root.visibilityState === "hidden" || !navigator.onLine) return;
    isDue = false;
    isAsking = true;
    const reading = await fetchPage(new URL(region.dataset["refreshUrl"] ?? "", location.href));
    isAsking = false;
    if (reading.outcome === "session-ended") return note.endSession();
    if (reading.outcome === "gone") return note.tellGone();
    if (reading.outcome === "trouble") {
      failures++;
      note.tellTrouble(reading.words);
      return wait(Math.max(pauseMs() ?? 0, reading.retryInMs));
    }
    const fresh = reading.page.getElementById(region.id);
    if (fresh === null) return note.tellGone();
    failures = 0;
    note.tellFresh();
    unchanged = take(root, region, { page: reading.page, fresh, say }) ? 0 : unchanged + 1;
    updated.tellFresh();
    wait();
  };
  const catchUp = () => {
    if (root.visibilityState === "hidden") return;
    const wasCalm = unchanged > 0;
    unchanged = 0;
    // Somebody looks again, perhaps after minutes of calm.
    if (isDue) look();
    else if (wasCalm) wait();
  };
  root.addEventListener("visibilitychange", catchUp);
  window.addEventListener("online", () => {
    failures = 0;
    if (pauseMs() !== undefined) look();
  });
  wait();
}

/** Updates the page, and announces in one sentence how the requests have changed. Returns whether anything has. */
function take(
  root: Document,
  region: HTMLElement,
  news: { readonly page: Document; readonly fresh: HTMLElement; readonly say: (text: string) => void },
): boolean {
  const { page, fresh, say } = news;
  rewriteTimes(page);
  const changes = stateChanges(region, fresh);
  const announced = newlyAnnounced(root, fresh);
  patch(region, fresh);
  root.title = page.title;
  for (const id of ["budget-left", "health-count", "attention"]) {
    const [shown, wanted] = [root.getElementById(id), page.getElementById(id)];
    if (shown !== null && wanted !== null) patch(shown, wanted);
  }
  say([describeUpdates(changes), ...announced].filter((text) => text !== "").join(" "));
  const isChanged = changes.length > 0 || announced.length > 0;
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return isChanged;
  for (const { id } of changes) {
    // A ring that fades, so that the text stays readable.
    const boxShadow = ["0 0 0 0.2rem currentcolor", "0 0 0 0.2rem transparent"];
    root.getElementById(id)?.querySelector(".state")?.animate({ boxShadow }, 1_200);
  }
  return isChanged;
}

export type PageReading =
  | { readonly outcome: "page"; readonly page: Document }
  | { readonly outcome: "session-ended" }
  /** The reader may no longer see this page. */
  | { readonly outcome: "gone" }
  /** Worth another try later. */
  | { readonly outcome: "trouble"; readonly words: string; readonly retryInMs: number };

const timeoutMs = 15_000;

/** Fetches one of our pages as the browser would. Never throws. */
export async function fetchPage(url: URL): Promise<PageReading> {
  try {
    const response = await fetch(url, {
      headers: { Accept: "text/html" },
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.redirected && new URL(response.url).pathname.endsWith("/sign-in")) {
      return { outcome: "session-ended" };
    }
    if (response.status === 429) return trouble("This token has sent too many requests.", response);
    if (response.status >= 500) return trouble("Purge Desk has a problem at the moment.", response);
    if (!response.ok) return { outcome: "gone" };
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return { outcome: "page", page };
  } catch {
    return trouble("Purge Desk cannot be reached.");
  }
}

function trouble(words: string, response?: Response): PageReading {
  const seconds = Number(response?.headers.get("Retry-After") ?? 0);
  return { outcome: "trouble", words, retryInMs: Number.isFinite(seconds) ? seconds * 1_000 : 0 };
}
