import { findUrls } from "../../../rules/find-urls.ts";
import type { UrlEndpoint } from "../../../rules/url-endpoint.ts";
import { pluralize } from "../../shared/words.ts";
import { fileDrop } from "../file-drop.ts";

/** Of a longer text only the URLs are sent: a form can have 512 KiB, and a page's source is mostly other things. */
const longestSent = 100_000;

/** Adds files to the text that profiles are learned from, and sends only the URLs of a long text. */
export function learnText(root: Document): void {
  const form = root.querySelector<HTMLFormElement>("form[data-learn]");
  const area = form?.querySelector("textarea");
  const fromFile = form?.querySelector<HTMLElement>("[data-from-file]");
  const button = fromFile?.querySelector("button");
  const input = fromFile?.querySelector("input");
  const status = form?.querySelector("[data-learn-status]");
  if (!form || !area || !fromFile || !button || !input || !status) return;
  const endpoints: readonly UrlEndpoint[] = JSON.parse(form.dataset["endpoints"] ?? "[]");
  const urlsIn = (text: string) => findUrls(text, endpoints).map(({ url }) => url);

  fromFile.hidden = false;
  fileDrop(form, {
    button,
    input,
    onTexts: (texts, problems) => {
      const found = texts.map(({ name, text }) => ({ name, urls: urlsIn(text) }));
      const lines = found.flatMap(({ urls }) => urls);
      if (lines.length > 0)
        area.value = [area.value.trimEnd(), ...lines].filter((line) => line !== "").join("\n");
      const said = found.map(({ name, urls }) =>
        urls.length === 0
          ? `${name} contains no URL under your endpoints.`
          : `${pluralize(urls.length, "URL")} added from ${name}.`,
      );
      status.textContent = [...problems, ...said].join(" ");
    },
  });
  form.addEventListener("formdata", ({ formData }) => {
    const { value } = area;
    const urls = value.length > longestSent ? urlsIn(value) : [];
    if (urls.length > 0) formData.set("text", urls.join("\n"));
  });
}
