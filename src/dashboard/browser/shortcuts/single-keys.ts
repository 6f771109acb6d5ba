/** Whether the single-key shortcuts are on: this browser's setting. */
export type SingleKeys = { readonly areOn: () => boolean; readonly turn: (isOn: boolean) => void };

const storageKey = "purge-desk:single-keys";

export function singleKeys(): SingleKeys {
  // A browser may refuse storage. Then the setting lasts as long as the page.
  let setting = stored();
  return {
    areOn: () => setting !== "off",
    turn(isOn) {
      setting = isOn ? "on" : "off";
      try {
        localStorage.setItem(storageKey, setting);
      } catch {}
    },
  };
}

function stored(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}
