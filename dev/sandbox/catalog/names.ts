import anyAscii from 'any-ascii';

/** A name without case, accents, script and punctuation: two spellings of one name fold to the same text. */
export function foldName(name: string): string {
  return anyAscii(name.normalize('NFKC'))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}
