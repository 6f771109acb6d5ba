import type { Clock } from "../domain/time.ts";
import { isAddress, isLocalName, isPublicAddress } from "./public-address.ts";

/** The addresses of a name; rejects if it has none. */
export type ResolveHost = (hostname: string) => Promise<readonly string[]>;

/** Why a URL leads into a private network, in words for people; undefined if it does not. Rejects if its name has no address. */
export type AddressGuard = (url: URL) => Promise<string | undefined>;

/** What a name resolved to is believed this long: a batch of 100 asks once. Failures too, so that a dead name costs little. */
const believedMs = 30_000;

/**
 * Keeps a CDN's host from being a way into the network that this runs in. Where the platform cannot resolve names
 * (`resolve` is absent), only addresses and local names in the URL itself are found.
 */
export function addressGuard({
  resolve,
  clock,
}: {
  readonly resolve?: ResolveHost | undefined;
  readonly clock: Pick<Clock, "monotonicMs">;
}): AddressGuard {
  /** At most one entry for each configured host: no other is asked. */
  const found = new Map<
    string,
    { readonly untilMs: number; readonly problem: Promise<string | undefined> }
  >();

  const problemOf = async (hostname: string): Promise<string | undefined> => {
    if (isAddress(hostname)) return privateAmong([hostname.replace(/^\[|\]$/g, "")]);
    if (isLocalName(hostname)) return `${hostname} is a name of a private network`;
    return resolve && privateAmong(await resolve(hostname));
  };

  return function addressGuard({ hostname }) {
    const nowMs = clock.monotonicMs();
    const known = found.get(hostname);
    if (known !== undefined && nowMs < known.untilMs) return known.problem;
    const problem = problemOf(hostname);
    found.set(hostname, { untilMs: nowMs + believedMs, problem });
    return problem;
  };
}

/** One private address among several is enough: which of them a connection uses is not known. */
function privateAmong(addresses: readonly string[]): string | undefined {
  const found = addresses.find((address) => !isPublicAddress(address));
  return found === undefined ? undefined : `its host has the address ${found}, which is not public`;
}
