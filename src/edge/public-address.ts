import ipaddr from "ipaddr.js";

/** All that IPv6 has given out so far; what lies outside stands for something else, such as an IPv4 address. */
const globalUnicast = ipaddr.parseCIDR("2000::/3");

/**
 * Whether an IP address (in any spelling) is one of the public internet: not private, loopback, link-local (cloud
 * metadata), unique-local, shared or reserved, nor one of these inside an IPv6 address.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  const isGiven = address.kind() === "ipv4" || address.match(globalUnicast);
  return isGiven && address.range() === "unicast";
}

/** Whether a URL's host name, as the URL standard writes it, is an IP address. */
export function isAddress(hostname: string): boolean {
  return hostname.startsWith("[") || /^[\d.]+$/.test(hostname);
}

/** Names that never mean a host of the public internet. */
export function isLocalName(hostname: string): boolean {
  return /(?:^|\.)(?:localhost|local|internal|home\.arpa)\.?$/i.test(hostname) || !hostname.includes(".");
}
