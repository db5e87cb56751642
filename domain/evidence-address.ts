/** Parts of a query that say how somebody came to a page and not which page it is. */
const tracking = /^(utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|yclid|ref_src)$/i;

/** How the Internet Archive and archive.today name what they kept a copy of. */
const archivedCopy =
  /^https:\/\/(?:web\.archive\.org\/web\/\d{4,14}[a-z_]*|archive\.(?:today|ph|is|li|md|vn|fo)\/\d{4,14})\/(https?:\/\/.+)$/i;

export type EvidenceAddressFault = 'not_an_address' | 'https_required' | 'credentials_in_address' | 'not_public';

/**
 * The address of a source in its normal form, without what only tracks readers. Nobody here ever opens it: it is for people. Hosts
 * are names on the public internet, since nobody else could look at a page by number or inside a house.
 */
export function parseEvidenceAddress(text: string): { url: string } | { fault: EvidenceAddressFault } {
  if (!URL.canParse(text)) return { fault: 'not_an_address' };
  const url = new URL(text);
  if (url.protocol !== 'https:') return { fault: 'https_required' };
  if (url.username || url.password) return { fault: 'credentials_in_address' };
  url.hostname = url.hostname.replace(/\.$/, '');
  if (!isPublicName(url.hostname)) return { fault: 'not_public' };
  dropTracking(url);
  return { url: url.href };
}

/**
 * What is equal for addresses of the same page: without scheme, `www.`, `m.`, fragment, tracking and final slash, the query in
 * order; of an archived copy, that of the page that it is a copy of.
 */
export function evidencePage(address: string): string {
  const original = archivedCopy.exec(address)?.[1];
  if (original !== undefined && URL.canParse(original)) return evidencePage(original);
  const url = new URL(address);
  dropTracking(url);
  url.searchParams.sort();
  const host = url.host.replace(/^(www|m|mobile|amp)\./, '');
  return `${host}${url.pathname.replace(/\/+$/, '')}${url.search}`;
}

function dropTracking(url: URL): void {
  const names = [...url.searchParams.keys()].filter((name) => tracking.test(name));
  // Deleting writes the whole query anew, which should only happen to those that have something to lose.
  for (const name of names) url.searchParams.delete(name);
}

/** The last part of an address by number is a number, or it stands in brackets. */
function isPublicName(host: string): boolean {
  const parts = host.split('.');
  const last = parts.at(-1) ?? '';
  return parts.length > 1 && /^[a-z]/.test(last) && !['localhost', 'local', 'internal', 'onion'].includes(last);
}
