import { element } from "../element.ts";

/** A polite live region for screen readers, outside the refreshed region. */
export function statusPlace(root: Document): HTMLElement {
  const place = element("div", { class: "visually-hidden", role: "status" });
  root.body.append(place);
  return place;
}

/** A function that announces a sentence. Empty sentences are ignored. */
export function announcer(root: Document): (text: string) => void {
  const place = statusPlace(root);
  return (text) => {
    if (text !== "") place.textContent = text;
  };
}

/** A request whose state has changed; `word` as on the page, in lower case. */
export type StateChange = { readonly id: string; readonly word: string };

/** The requests (elements with an id that contain a state) whose state differs in the fresh region. */
export function stateChanges(region: Element, fresh: Element): readonly StateChange[] {
  const before = statesById(region);
  return [...statesById(fresh)].flatMap(([id, word]) => {
    const known = before.get(id);
    return known === undefined || known === word ? [] : [{ id, word }];
  });
}

/** `2 requests completed, 1 overdue.` */
export function describeUpdates(changes: readonly StateChange[]): string {
  const counts = new Map<string, number>();
  for (const { word } of changes) counts.set(word, (counts.get(word) ?? 0) + 1);
  const parts = [...counts].map(([word, count], index) => {
    const noun = index > 0 ? "" : count === 1 ? " request" : " requests";
    return `${count}${noun} ${word}`;
  });
  return parts.length === 0 ? "" : `${parts.join(", ")}.`;
}

/** The text of elements with an id and `data-announce` that are new on the page. */
export function newlyAnnounced(root: Document, fresh: Element): readonly string[] {
  return [...fresh.querySelectorAll("[id][data-announce]")]
    .filter(({ id }) => root.getElementById(id) === null)
    .map((element) => `${element.textContent?.trim()}.`);
}

function statesById(region: Element): ReadonlyMap<string, string> {
  const states = new Map<string, string>();
  for (const state of region.querySelectorAll(".state")) {
    const holder = state.closest("[id]");
    if (holder === null || states.has(holder.id)) continue;
    states.set(holder.id, (state.textContent ?? "").trim().toLowerCase());
  }
  return states;
}
