import { BlockList, isIP } from 'node:net';

/** What is not the public internet, by the IANA special-purpose address registries. */
const notPublic = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  notPublic.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  // Teredo and other protocol assignments, documentation, 6to4: each can lead to an IPv4 address that it hides.
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  notPublic.addSubnet(net, bits, 'ipv6');

/** All that is given out for the public internet; mapped, translated, local and multicast addresses lie outside. */
const publicIpv6 = new BlockList();
publicIpv6.addSubnet('2000::', 3, 'ipv6');

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether a message may be sent to an address: the public internet's, and this machine's own where `allowLoopback`. */
export function isAllowedAddress(address: string, { allowLoopback }: { allowLoopback: boolean }): boolean {
  const family = isIP(address);
  if (family === 0 || address.includes('%')) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  // BlockList sees an IPv4 address behind ::ffff: too; such an address is refused as a whole.
  if (type === 'ipv6' && address.toLowerCase().startsWith('::ffff:')) return false;
  if (allowLoopback && loopback.check(address, type)) return true;
  if (notPublic.check(address, type)) return false;
  return type === 'ipv4' || publicIpv6.check(address, 'ipv6');
}

export type AddressFault = 'not_an_address' | 'https_required' | 'credentials_in_address' | 'address_not_allowed';

/** What is wrong with an address that messages shall go to, as far as it shows without asking for its name; null where nothing is. */
export function addressFault(text: string, rules: { allowLoopback: boolean }): AddressFault | null {
  if (!URL.canParse(text)) return 'not_an_address';
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(rules.allowLoopback && url.protocol === 'http:')) return 'https_required';
  if (url.username || url.password) return 'credentials_in_address';
  const host = hostOf(url);
  if (isIP(host) !== 0 && !isAllowedAddress(host, rules)) return 'address_not_allowed';
  if (!rules.allowLoopback && /(^|\.)(localhost|local|internal)\.?$/i.test(host)) return 'address_not_allowed';
  return null;
}

/** An IPv6 address without its brackets. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}
