import { nameKey } from './name-keys';

/** One name in a text of several. `start` and `end` are UTF-16 offsets; `sign` is what stands before it, '' for the first. */
export interface CreditPart {
  text: string;
  start: number;
  end: number;
  sign: string;
}

const LONGEST_NAME_IN_PARTS = 6;
// A lone x joins two names only where a name follows: "Lil Nas X & Y" holds no such sign.
const SEPARATOR = new RegExp(
  [
    String.raw`\s*[,;、，；•|()[\]（）［］【】]\s*`,
    String.raw`\s*[＆×✕]\s*`,
    String.raw`\s+[&+/／]\s+`,
    String.raw`\s+(?:and|y|e|et|und|och|og|и|vs\.?|versus)\s+`,
    String.raw`\s+[xх]\s+(?=[^\s&+,;/])(?!(?:and|feat\.?|ft\.?|x|х|vs\.?)\s)`,
  ].join('|'),
  'giu',
);

/**
 * Cuts a text into names at commas, "&", "and", "x", "vs." and their like in other languages. A name that `isWhole`
 * says is one artist's stays in one piece, the longest first.
 * @param offset where the text begins in the text that the spans are counted in
 * @param isWhole told the key of a name, as `nameKey` makes it
 */
export function splitNames(text: string, offset: number, isWhole: (key: string) => boolean): CreditPart[] {
  const pieces = piecesOf(text);
  const parts: CreditPart[] = [];
  for (let first = 0; first < pieces.length;) {
    let last = Math.min(first + LONGEST_NAME_IN_PARTS, pieces.length) - 1;
    while (last > first && !isWhole(nameKey(between(text, pieces, first, last)))) last -= 1;
    const { start, sign } = pieces[first] ?? { start: 0, sign: '' };
    const name = between(text, pieces, first, last);
    if (name !== '') parts.push({ text: name, start: offset + start, end: offset + start + name.length, sign });
    first = last + 1;
  }
  return parts;
}

interface Piece {
  start: number;
  end: number;
  sign: string;
}

function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let start = text.length - text.trimStart().length;
  let sign = '';
  const end = text.trimEnd().length;
  for (const found of text.matchAll(SEPARATOR)) {
    if (found.index > start) pieces.push({ start, end: found.index, sign });
    sign = found[0].trim();
    start = found.index + found[0].length;
  }
  if (end > start) pieces.push({ start, end, sign });
  return pieces;
}

function between(text: string, pieces: readonly Piece[], first: number, last: number): string {
  return text.slice(pieces[first]?.start ?? 0, pieces[last]?.end ?? 0);
}
