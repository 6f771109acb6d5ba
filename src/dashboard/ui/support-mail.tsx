import type { SupportText } from "../../http/support-text.ts";

/** Longer links are cut or refused by mail programs; then only the subject goes along. */
const longestMailto = 1_900;

/** A mail to ImageKit's support: to be copied, or opened in a mail program. `id` is the text's. */
export function Support(props: {
  readonly id: string;
  readonly heading: string;
  readonly support: SupportText;
}) {
  const { id, heading, support } = props;
  const isLong = support.mailto.length > longestMailto;
  return (
    <section class="support card" aria-labelledby={`${id}-heading`}>
      <h2 id={`${id}-heading`}>{heading}</h2>
      <p class="quiet">Subject: {support.subject}</p>
      <pre id={id} tabindex={0}>
        {support.body}
      </pre>
      <p class="buttons">
        <CopyButton of={id}>Copy the text</CopyButton>
        <a class="button" href={isLong ? support.mailto.replace(/&body=.*$/s, "") : support.mailto}>
          {isLong ? "Open a mail to paste it into" : "Open as a mail"}
        </a>
      </p>
    </section>
  );
}

/** Shown only where a script can do it. `about` tells several of them apart for who cannot see what they stand by. */
export function CopyButton(props: {
  readonly of: string;
  readonly children: string;
  readonly about?: string | undefined;
}) {
  return (
    <button type="button" data-copy={props.of} aria-label={props.about}>
      {props.children}
    </button>
  );
}
