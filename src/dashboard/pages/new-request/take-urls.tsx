import type { UrlEndpoint } from "../../../rules/url-endpoint.ts";
import { extractionWords, extractUrls } from "../../shared/extract-urls.ts";
import { formPath, type RequestDraft } from "../../shared/request-draft.ts";
import { Callout } from "../../ui/callout.tsx";
import { fieldsOf } from "./draft.ts";

/** The URLs that were found in a text, one a line, and the form as it was entered. */
export type TakenUrls = { readonly urls: string; readonly words: string; readonly entered: RequestDraft };

/**
 * What the script does when text is pasted, for people without it: finds the URLs in the text. Undefined if the text is
 * a list already.
 */
export function takeUrls(entered: RequestDraft, endpoints: readonly UrlEndpoint[]): TakenUrls | undefined {
  const found = extractUrls(entered.urls, endpoints);
  if (found === undefined) return undefined;
  return { urls: found.urls.join("\n"), words: extractionWords(found, "what you entered"), entered };
}

type TakenNoteAbout = TakenUrls & { readonly basePath: string };

/**
 * Says what was found, and gives back the text as it was. That is a form of its own: Enter in the other one must check
 * what is shown.
 */
export function TakenNote({ words, entered, basePath }: TakenNoteAbout) {
  return (
    <Callout kind="info">
      <p>{words}</p>
      <form method="post" action={formPath(basePath, entered.key)}>
        {Object.entries(fieldsOf(entered)).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <button type="submit" name="intent" value="keep">
          Keep as pasted
        </button>
      </form>
    </Callout>
  );
}
