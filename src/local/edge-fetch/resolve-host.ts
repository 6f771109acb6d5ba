import { Resolver } from "node:dns/promises";

/** The addresses of a name; rejects if it has none. */
export type ResolveHost = (hostname: string) => Promise<readonly string[]>;

/**
 * Asks the name servers for a host's addresses, on Node. Not `lookup` of `node:dns`: it runs on the few threads that a
 * purge's own connection needs too, so name servers that do not answer would hold up sends.
 */
export function hostResolver(servers?: readonly string[]): ResolveHost {
  const resolver = new Resolver({ timeout: 1_000, tries: 2 });
  if (servers !== undefined) resolver.setServers(servers);
  return async function resolveHost(hostname) {
    const replies = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    const addresses = replies.flatMap((reply) => (reply.status === "fulfilled" ? reply.value : []));
    const [first] = replies;
    if (addresses.length === 0 && first.status === "rejected") throw first.reason;
    return addresses;
  };
}
