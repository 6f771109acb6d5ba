import { isIPv6, type LookupFunction } from "node:net";
import { type Clock, systemClock } from "../../domain/time.ts";
import { PrivateAddress, whyPrivate } from "../../edge/private-host.ts";
import { hostResolver, type ResolveHost } from "./resolve-host.ts";

/** What a name resolved to is believed this long: a batch of 100 asks once. Failures too, so that a dead name costs little. */
const believedMs = 30_000;

/**
 * Finds the addresses that a connection may use. A name with a private one is an error, and nothing is connected: an endpoint
 * of a CDN must not be a way into the network that this runs in.
 */
export function publicLookup({
  resolve = hostResolver(),
  why = whyPrivate,
  clock = systemClock,
}: {
  readonly resolve?: ResolveHost | undefined;
  /** Why these addresses must not be used; undefined if they may be. */
  readonly why?: ((addresses: readonly string[]) => string | undefined) | undefined;
  readonly clock?: Pick<Clock, "monotonicMs"> | undefined;
} = {}): LookupFunction {
  /** At most one entry for each configured host: no other is asked. */
  const found = new Map<
    string,
    { readonly untilMs: number; readonly addresses: Promise<readonly string[]> }
  >();

  const publicAddresses = async (hostname: string) => {
    const addresses = await resolve(hostname);
    const problem = why(addresses);
    if (problem !== undefined) throw new PrivateAddress(problem);
    return addresses;
  };

  const addressesOf = (hostname: string) => {
    const nowMs = clock.monotonicMs();
    const known = found.get(hostname);
    if (known !== undefined && nowMs < known.untilMs) return known.addresses;
    const addresses = publicAddresses(hostname);
    found.set(hostname, { untilMs: nowMs + believedMs, addresses });
    return addresses;
  };

  return function publicLookup(hostname, { all }, callback) {
    addressesOf(hostname).then(
      (addresses) => {
        const list = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
        const [first] = list;
        if (all || first === undefined) callback(null, list);
        else callback(null, first.address, first.family);
      },
      (error: Error) => callback(error, []),
    );
  };
}
