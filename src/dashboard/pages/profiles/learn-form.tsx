import type { UrlEndpoint } from "../../../rules/url-endpoint.ts";
import { linkTo } from "../../ui/context.ts";

/** The first step: a text from the shop, in which its image URLs are found. The script shows the button for files. */
export function LearnForm(props: {
  readonly basePath: string;
  readonly endpoints: readonly UrlEndpoint[];
  readonly text?: string | undefined;
  readonly problem?: string | undefined;
  readonly isFirst: boolean;
}) {
  const { basePath, endpoints, text = "", problem, isFirst } = props;
  return (
    <form
      method="post"
      action={linkTo({ basePath }, "/profiles/learn")}
      class="card stack learn"
      id="learn"
      data-learn
      data-endpoints={JSON.stringify(endpoints)}
    >
      <h2>{isFirst ? "Start with a page of your shop" : "Learn from a page of your shop"}</h2>
      <p class="quiet" id="learn-words">
        Purge Desk finds the image URLs in it and shows which URL endpoints and transformations your pages
        use. Nothing is saved until you say so. A category page or a sitemap shows more than a single product.
      </p>
      <label for="learn-text">Paste a product page's HTML or your sitemap</label>
      <textarea
        id="learn-text"
        name="text"
        dir="ltr"
        rows={6}
        spellcheck={false}
        autocomplete="off"
        aria-describedby={problem === undefined ? "learn-words" : "learn-problem learn-words"}
        aria-invalid={problem === undefined ? undefined : "true"}
      >
        {text === "" ? "" : `\n${text}`}
      </textarea>
      {problem === undefined ? null : (
        <p class="field-problem" id="learn-problem">
          {problem}
        </p>
      )}
      <div class="from-file" data-from-file hidden>
        <button type="button">Use a file</button>
        <input
          type="file"
          accept=".html,.htm,.xml,.csv,.tsv,.txt,.json,.css,.log,.md,text/*"
          multiple
          hidden
          aria-label="Text files"
        />
        <span class="hint">or drop it here: HTML, a sitemap, CSS, JSON, a list or an access log</span>
      </div>
      <p class="hint" role="status" data-learn-status></p>
      <p class="ways-on">
        <button type="submit" class="primary">
          Find transformations
        </button>
        <a href={linkTo({ basePath }, "/profiles/edit")}>Enter a profile by hand</a>
      </p>
    </form>
  );
}
