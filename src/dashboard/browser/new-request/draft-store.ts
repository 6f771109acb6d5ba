import { namings } from "../../shared/naming.ts";
import { isFormKey, type RequestDraft, sendings, unchosen } from "../../shared/request-draft.ts";

/** A draft as this browser keeps it. */
export type StoredDraft = RequestDraft & {
  /** The name of the token that it was typed under. */
  readonly actor: string;
  /** Epoch ms. */
  readonly savedAt: number;
};

/**
 * The drafts of this browser, one for each form, in an entry of its own: two tabs never write the same entry unless they
 * show the same form, and then they have the same idempotency key.
 */
export type DraftStore = {
  readonly read: (key: string) => StoredDraft | undefined;
  /** All drafts, the latest first. */
  readonly list: () => readonly StoredDraft[];
  /** False if the browser does not store it, because it is too long or storage is off. */
  readonly save: (draft: RequestDraft) => boolean;
  readonly remove: (key: string) => void;
  /** Removes all drafts. From then on this page stores none, and says that it did. */
  readonly close: () => void;
  /** Calls `listener` with the form's key when another tab removes its draft. */
  readonly onRemoved: (listener: (key: string) => void) => void;
};

/** The shape of a draft. Drafts of another version are removed. */
const version = 1;
/** As many characters as a form may have bytes. Browsers store some 5 million for one site. */
const longest = 512 * 1024;
const mostDrafts = 5;
const keptMs = 7 * 86_400_000;

/** Opens the drafts of that token, and removes those that are too old, of another token or of another version. */
export function openDrafts(basePath: string, actor: string): DraftStore {
  const prefix = `purge-desk${basePath}/draft/`;
  const nameOf = (key: string) => `${prefix}${version}/${key}`;
  let isClosed = false;

  const names = () => {
    const found: string[] = [];
    for (let index = 0; index < localStorage.length; index += 1) {
      const name = localStorage.key(index);
      if (name?.startsWith(prefix)) found.push(name);
    }
    return found;
  };
  const read = (name: string) => parseDraft(withoutStorage(() => localStorage.getItem(name), null));
  const list = () =>
    withoutStorage(names, [])
      .flatMap((name) => read(name) ?? [])
      .sort((one, other) => other.savedAt - one.savedAt);
  const removeWhere = (isRemoved: (draft: StoredDraft | undefined) => boolean) => {
    for (const name of withoutStorage(names, [])) {
      if (isRemoved(read(name))) withoutStorage(() => localStorage.removeItem(name), undefined);
    }
  };

  removeWhere((draft) => draft === undefined || draft.actor !== actor || Date.now() - draft.savedAt > keptMs);
  return {
    read: (key) => read(nameOf(key)),
    list,
    save(draft) {
      const text = JSON.stringify({ ...draft, actor, savedAt: Date.now(), version });
      if (isClosed) return true;
      if (text.length > longest) return false;
      const store = () => {
        localStorage.setItem(nameOf(draft.key), text);
        return true;
      };
      const others = list().filter(({ key }) => key !== draft.key);
      const remove = ({ key }: StoredDraft) => localStorage.removeItem(nameOf(key));
      withoutStorage(() => others.slice(mostDrafts - 1).forEach(remove), undefined);
      if (withoutStorage(store, false)) return true;
      // The latest text matters most: without room, the others go.
      withoutStorage(() => others.forEach(remove), undefined);
      return withoutStorage(store, false);
    },
    remove: (key) => withoutStorage(() => localStorage.removeItem(nameOf(key)), undefined),
    close() {
      isClosed = true;
      removeWhere(() => true);
    },
    onRemoved(listener) {
      addEventListener("storage", ({ key, newValue }) => {
        const prefixed = nameOf("");
        if (newValue === null && key?.startsWith(prefixed)) listener(key.slice(prefixed.length));
      });
    },
  };
}

/** Browsers throw where storage is full or forbidden: then there are no drafts, and everything else works. */
function withoutStorage<T>(access: () => T, otherwise: T): T {
  try {
    return access();
  } catch {
    return otherwise;
  }
}

/** Undefined if the text is not a draft of this version. Its values go into fields only. */
function parseDraft(text: string | null): StoredDraft | undefined {
  const found: unknown = withoutStorage(() => JSON.parse(text ?? ""), undefined);
  if (typeof found !== "object" || found === null) return undefined;
  const fields = new Map<string, unknown>(Object.entries(found));
  if (fields.get("version") !== version) return undefined;
  const wordOf = (name: string) => `${fields.get(name) ?? ""}`;
  const key = wordOf("key");
  if (!isFormKey(key)) return undefined;
  return {
    key,
    actor: wordOf("actor"),
    savedAt: Number(fields.get("savedAt")) || 0,
    urls: wordOf("urls"),
    reason: wordOf("reason"),
    changedAt: wordOf("changedAt"),
    anyway: wordsOf(fields.get("anyway")),
    isChangedBefore: fields.get("isChangedBefore") === true,
    isHolding: fields.get("isHolding") === true,
    isSkipping: fields.get("isSkipping") === true,
    // Drafts from before these could be chosen have none of them.
    cover: wordsOf(fields.get("cover")),
    naming: namings.find((naming) => naming === wordOf("naming")) ?? unchosen.naming,
    sending: sendings.find((sending) => sending === wordOf("sending")) ?? unchosen.sending,
    settleSeconds: wordOf("settleSeconds") || unchosen.settleSeconds,
    sendAfter: wordOf("sendAfter"),
  };
}

function wordsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
