/** A name as searches compare it: lower case, without accents, single spaces. Other scripts keep their letters. */
export function foldName(name: string): string {
  return name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/gu, ' ').trim();
}
