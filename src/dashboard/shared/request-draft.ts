import type { Naming } from "./naming.ts";

/** When a request is sent: at once, after a pause in which others can share it, or not before a time. */
export const sendings = ["now", "settle", "later"] as const;

export type Sending = (typeof sendings)[number];

/** The fields of a new request as typed: what the form posts, and what the browser keeps of it. */
export type RequestDraft = {
  /** The idempotency key: made for this form, and sent with it every time. */
  readonly key: string;
  /** The lines, which name URLs or images. */
  readonly urls: string;
  readonly naming: Naming;
  /** The folders that may be cleared whole. */
  readonly cover: readonly string[];
  readonly reason: string;
  readonly isHolding: boolean;
  readonly isSkipping: boolean;
  /** Whether the image changed at `changedAt` instead of just now. */
  readonly isChangedBefore: boolean;
  readonly changedAt: string;
  readonly sending: Sending;
  /** The pause, if that is chosen. */
  readonly settleSeconds: string;
  /** The time, if that is chosen; in UTC where it has no zone. */
  readonly sendAfter: string;
  /** The lines that are sent although they are probably a mistake, as `anywayName` names them. */
  readonly anyway: readonly string[];
};

/** Everything but the key and the text, before anything is chosen. */
export const unchosen = {
  naming: "automatic",
  cover: [],
  isHolding: false,
  isSkipping: false,
  isChangedBefore: false,
  changedAt: "",
  sending: "now",
  settleSeconds: "300",
  sendAfter: "",
  anyway: [],
} as const satisfies Omit<RequestDraft, "key" | "urls" | "reason">;

/** What the names of the fields for covers begin with. */
export const coverField = "cover.";

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
