/** Whether an IP address belongs to the public internet. */
import { BlockList, isIP } from 'node:net';

/** Ranges no public server has. Source: the IANA special-purpose address registries for IPv4 and IPv6. */
const privateRanges = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.0.2.0', 24],
  ['192.168.0.0', 16], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4],
] as const) privateRanges.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::', 128], ['::1', 128], ['100::', 64], ['2001:db8::', 32], ['fc00::', 7], ['fe80::', 10], ['fec0::', 10], ['ff00::', 8],
] as const) privateRanges.addSubnet(network, prefix, 'ipv6');

/** IPv6 forms that carry an IPv4 address in their last four bytes: NAT64. Mapped addresses are known to `BlockList` itself. */
const translated = new BlockList();
translated.addSubnet('64:ff9b::', 96, 'ipv6');
translated.addSubnet('64:ff9b:1::', 48, 'ipv6');

/** IPv6 forms that carry an IPv4 address elsewhere: 6to4 and Teredo. No model server is reached by them. */
const tunnelled = new BlockList();
tunnelled.addSubnet('2002::', 16, 'ipv6');
tunnelled.addSubnet('2001::', 32, 'ipv6');

/** Whether an address is loopback, private, link-local or otherwise not public. True for what is no IP address at all. */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return privateRanges.check(address, 'ipv4');
  if (family !== 6) return true;
  return privateRanges.check(address, 'ipv6') || translated.check(address, 'ipv6') || tunnelled.check(address, 'ipv6');
}

/** The IP address a URL's hostname is, without the brackets of IPv6, or undefined for a name. */
export function literalAddress(hostname: string): string | undefined {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return isIP(bare) === 0 ? undefined : bare;
}

/** Whether a name means this machine by definition (RFC 6761). */
export function isLoopbackName(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost');
}
