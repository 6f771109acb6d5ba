import type { LedgerHealth, Pace } from "../../../ledger/contract.ts";
import { Callout } from "../../ui/callout.tsx";
import { at, Sentence, type SentenceParts } from "../../ui/sentence.tsx";

/** What a try of the key has come to, as the ledger shows it now: an address alone proves nothing. */
export function Tried({ health }: { readonly health: LedgerHealth }) {
  const { send, poll, now } = health;
  const blocked = [send, poll].find(({ blockedBy }) => blockedBy !== undefined);
  if (blocked === undefined) {
    return (
      <Callout kind="ok" id="tried">
        <p>ImageKit accepts the key. What waits is being sent.</p>
      </Callout>
    );
  }
  return (
    <Callout kind="warning" id="tried">
      <p>
        <Sentence parts={triedWords(blocked, now)} now={now} />
      </p>
    </Callout>
  );
}

function triedWords({ blockedBy, probeAt = 0 }: Pace, now: number): SentenceParts {
  if (probeAt <= now) {
    return ["No purge is waiting with which the key could be tried. The next one tries it at once."];
  }
  return [`ImageKit still answers ${blockedBy}. The next try is `, at(probeAt), "."];
}
