import { isAddress, isLocalName, isPublicAddress } from "./public-address.ts";

/** A host's name leads into a private network; the message says so to people. Thrown before anything is sent. */
export class PrivateAddress extends Error {
  override readonly name = "PrivateAddress";
}

/** Why a URL's host is in a private network, as far as its name says, in words for people; undefined if it does not. */
export function whyPrivateHost({ hostname }: URL): string | undefined {
  if (isAddress(hostname)) return whyPrivate([hostname.replace(/^\[|\]$/g, "")]);
  return isLocalName(hostname) ? `${hostname} is a name of a private network` : undefined;
}

/** The same of a host's addresses. One private among several is enough: which of them a connection uses is not known. */
export function whyPrivate(addresses: readonly string[]): string | undefined {
  const found = addresses.find((address) => !isPublicAddress(address));
  return found === undefined ? undefined : `its host has the address ${found}, which is not public`;
}
