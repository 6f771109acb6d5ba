import { unitsOf } from "./blocked.ts";
import { inBatches } from "./confirm-plan.ts";
import { counted } from "./count-words.ts";
import { element, iconElement } from "./element.ts";
import type { PlannedLine } from "./line-words.ts";
import { type PartialBatch, submitBatches } from "./submit-batches.ts";

type SplitOfferOptions = {
  readonly basePath: string;
  readonly place: HTMLElement;
  /** What is submitted with every batch, and the key of the form. */
  readonly fields: () => Omit<Parameters<typeof submitBatches>[1], "onProgress" | "basePath">;
  /** While batches are under way the form must stay as it is. */
  readonly freeze: (isFrozen: boolean) => void;
  readonly announce: (sentence: string) => void;
  /** All went (`undefined`), or these lines did and the others may be changed. */
  readonly onEnd: (gone: ReadonlySet<string> | undefined) => void;
};

type Offer = {
  readonly lines: readonly PlannedLine[];
  /** What would be submitted: accepted lines, as typed, each target once. */
  readonly urls: readonly string[];
  readonly blocked: string | undefined;
};

/** Offers to submit too many lines as several batches, and does it one after the other. */
export function splitOffer(options: SplitOfferOptions) {
  const { place, basePath, announce, freeze, onEnd } = options;
  let isUnderWay = false;

  return function offer(offered: Offer | undefined): void {
    if (isUnderWay) return;
    if (offered === undefined) {
      // What became of the batches before stays until there is something new to offer.
      if (place.dataset["split"] !== "ended") place.hidden = true;
      return;
    }
    const { lines, urls, blocked } = offered;
    const batches = inBatches(urls).map((each): PartialBatch => ({ urls: each, state: { kind: "waiting" } }));
    const count = counted(batches.length, "batch");
    const units = counted(unitsOf(lines), "unit");
    const left = lines.length - urls.length;
    const button = element("button", { type: "button", class: "primary" }, `Submit ${count}`);
    button.disabled = blocked !== undefined;
    button.addEventListener("click", () => submit(batches));
    place.dataset["split"] = "offered";
    place.replaceChildren(
      element("h2", {}, `${counted(lines.length, "line")}: ${count}, ${units} together`),
      element(
        "p",
        {},
        "They are submitted one after the other, up to 100 lines each. ",
        left === 0 ? undefined : `${counted(left, "line")} that repeat, are covered or are refused stay out.`,
      ),
      element("p", { class: "request-actions" }, button, element("span", { class: "hint" }, blocked ?? "")),
    );
    place.hidden = false;
  };

  async function submit(batches: readonly PartialBatch[]): Promise<void> {
    const { key, fields } = options.fields();
    isUnderWay = true;
    freeze(true);
    await submitBatches(batches, { basePath, key, fields, onProgress: () => showProgress(batches) });
    const failed = batches.find(({ state }) => state.kind === "failed");
    showEnd(batches, failed);
  }

  function showProgress(batches: readonly PartialBatch[]): void {
    const done = batches.filter(({ state }) => state.kind === "accepted").length;
    place.replaceChildren(
      element(
        "h2",
        { tabindex: "-1" },
        `Submitting: ${done} of ${counted(batches.length, "batch")} accepted`,
      ),
      element("progress", { max: `${batches.length}`, value: `${done}`, "aria-label": "Batches accepted" }),
      batchList(batches),
    );
    announce(`${done} of ${counted(batches.length, "batch")} accepted`);
  }

  function showEnd(batches: readonly PartialBatch[], failed: PartialBatch | undefined): void {
    const accepted = batches.filter(({ state }) => state.kind === "accepted");
    const units = accepted.reduce((sum, { state }) => sum + (state.kind === "accepted" ? state.units : 0), 0);
    const title =
      failed === undefined
        ? `${counted(batches.length, "batch")} accepted, ${counted(units, "unit")} together`
        : `${accepted.length} of ${counted(batches.length, "batch")} accepted`;
    const heading = element("h2", { tabindex: "-1" }, title);
    place.replaceChildren(
      heading,
      batchList(batches),
      ...(failed === undefined ? finished() : retry(batches)),
    );
    announce(title);
    if (failed === undefined) {
      isUnderWay = false;
      place.dataset["split"] = "ended";
      freeze(false);
      onEnd(undefined);
    }
    heading.focus();
  }

  function finished(): readonly HTMLElement[] {
    return [element("p", {}, element("a", { href: `${basePath}/` }, "See all requests"))];
  }

  /** Trying again sends the same under the same keys. Changing the rest first is a new request. */
  function retry(batches: readonly PartialBatch[]): readonly HTMLElement[] {
    const again = element("button", { type: "button", class: "primary" }, "Try again");
    again.addEventListener("click", () => submit(batches));
    const change = element("button", { type: "button" }, "Change what is left");
    change.addEventListener("click", () => {
      isUnderWay = false;
      place.hidden = true;
      freeze(false);
      onEnd(new Set(batches.flatMap(({ state, urls }) => (state.kind === "accepted" ? urls : []))));
    });
    const text =
      "Trying again is safe: a batch that was accepted after all is not charged twice. To change the lines that are left, look first whether the failed batch stands among the requests.";
    return [element("p", {}, text), element("p", { class: "request-actions" }, again, change)];
  }

  function batchList(batches: readonly PartialBatch[]): HTMLElement {
    return element("ol", { class: "batches" }, ...batches.map(batchRow));
  }

  function batchRow({ urls, state }: PartialBatch): HTMLElement {
    const lines = counted(urls.length, "line");
    switch (state.kind) {
      case "waiting":
        return element("li", {}, `${lines}: waits`);
      case "submitting":
        return element("li", {}, `${lines}: on its way`);
      case "accepted": {
        const link = element("a", { href: `${basePath}/batches/${state.id}` }, "see the batch");
        return element(
          "li",
          {},
          iconElement("ok"),
          ` ${lines}: accepted, ${counted(state.units, "unit")}, `,
          link,
        );
      }
      case "failed": {
        const what = state.isLost ? "no answer came" : "not accepted";
        return element("li", { class: "failed" }, iconElement("alarm"), ` ${lines}: ${what}. ${state.why}`);
      }
    }
  }
}
