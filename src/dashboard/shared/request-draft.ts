/** The fields of a new request as typed: what the form posts, and what the browser keeps of it. */
export type RequestDraft = {
  /** The idempotency key: made for this form, and sent with it every time. */
  readonly key: string;
  readonly urls: string;
  readonly reason: string;
  readonly isHolding: boolean;
  readonly isSkipping: boolean;
  /** Whether the image changed at `changedAt` instead of just now. */
  readonly isChangedBefore: boolean;
  readonly changedAt: string;
  /** The lines that are sent although they are probably a mistake, as `anywayName` names them. */
  readonly anyway: readonly string[];
};

/** A key is one of our ids. */
export function isFormKey(key: string): boolean {
  return /^o_[0-9a-z]{26}$/.test(key);
}

/** The address of the form with this key: the same key is the same submission. */
export function formPath(basePath: string, key: string): string {
  return `${basePath}/new?form=${key}`;
}

/**
 * How the cookies begin by which the server tells the script that a form was submitted, so that its draft is forgotten.
 * The form's key follows in the name, so that two forms do not hide each other; there is nothing else in it.
 */
export const submittedCookie = "purge-desk-submitted-";
