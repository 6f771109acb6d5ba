import type { SupportText } from "../../http/answers/support-text.ts";

/** Mail programs cut or refuse longer links; beyond this only the subject goes into the link. */
const longestMailto = 1_900;

type SupportMailAbout = {
  /** The id of the text, unique on the page. */
  readonly id: string;
  readonly support: SupportText;
};

/** The heading of one email about that many purges. */
export function unfinishedHeading(purges: number): string {
  return purges === 1 ? "One purge for ImageKit’s support" : `${purges} purges for ImageKit’s support`;
}

/** An email to ImageKit's support under a heading of its own. */
export function SupportSection({ id, heading, support }: SupportMailAbout & { readonly heading: string }) {
  return (
    <section class="support card" aria-labelledby={`${id}-heading`}>
      <h2 id={`${id}-heading`}>{heading}</h2>
      <SupportMail id={id} support={support} />
    </section>
  );
}

/** An email to ImageKit's support: copy its text, or open it in a mail program. */
export function SupportMail({ id, support }: SupportMailAbout) {
  const isLong = support.mailto.length > longestMailto;
  return (
    <>
      <p class="quiet">Subject: {support.subject}</p>
      <pre id={id} class="support-text" tabindex={0}>
        {support.body}
      </pre>
      <p class="buttons">
        <CopyButton of={id}>Copy the text</CopyButton>
        <a class="button" href={isLong ? support.mailto.replace(/&body=.*$/s, "") : support.mailto}>
          {isLong ? "Open an email and paste the text" : "Write the email"}
        </a>
      </p>
    </>
  );
}

/** Shown only when scripts run. `about` names the button for a screen reader where several look alike. */
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
