import type { EpochMs } from "../../time.ts";
import { Time } from "./time.tsx";

/** For who has no script, which would look again by itself: of when the page is. The style shows it to them alone. */
export function ReloadNote({ now }: { readonly now: EpochMs }) {
  return (
    <p class="quiet reload-note">
      As of <Time at={now} show="clock" />. Reload the page to see what has happened since.
    </p>
  );
}
