import { jointNameKeys } from './joint-names';
import type { NameIndex } from './name-index';
import { nameKey } from './name-keys';

/** A name found in a text: the exact substring from `start` to `end` (UTF-16 offsets) that equals `name`. */
export interface FoundInTitle {
  artistId: string;
  name: string;
  text: string;
  start: number;
  end: number;
}

interface Span {
  /** Words of the title, first and last. */
  from: number;
  to: number;
  text: string;
  start: number;
  key: string;
}

const LONGEST_TITLE = 300;
/** No name that somebody looks for has more words. */
const MOST_WORDS = 8;
/** Letters and digits side by side; where kana or Han meets other letters a word ends: "はじめてのYOASOBI". */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}])[\p{L}\p{N}\p{M}])+/gu;
/** What joins letters to one word: "Jay-Z", "P!nk", "will.i.am". */
const GLUE = /[-‐'’.$!@]/u;
const LETTER = /[\p{L}\p{N}]/u;

/**
 * Finds the indexed names that a title of a playlist has as whole words, wherever they stand: "This Is X", "X Radio", "Best of X".
 * The longest name at a place counts, so never one inside a longer name that somebody is known by (in the index, among the
 * `known` keys, or a joint one such as "Earth, Wind & Fire"), nor a part of a word. Names of one or two letters and of common
 * words ("Air", "Live") say nothing here. Each artist is given once; who bears a name it does not say.
 */
export function findNames(title: string, index: NameIndex, known: ReadonlySet<string> = new Set()): FoundInTitle[] {
  if (index.byKey.size === 0) return [];
  const found = new Map<string, FoundInTitle>();
  let next = 0;
  for (const { from, to, text, start, key } of spansOf(title)) {
    const named = index.byKey.get(key) ?? [];
    if (from < next || (named.length === 0 && !known.has(key) && !jointNameKeys.has(key))) continue;
    next = to + 1;
    for (const { artistId, name, weight } of named) {
      if (weight === 'weak' || found.has(artistId)) continue;
      found.set(artistId, { artistId, name, text, start, end: start + text.length });
    }
  }
  return [...found.values()];
}

/** Keys of the longer texts around the names that a title has: where one of them is a name, it is that one's bearer who is meant. */
export function keysAround(title: string, index: NameIndex): string[] {
  const spans = spansOf(title);
  const hits = spans.filter(({ key }) => index.byKey.has(key));
  const isAround = (one: Span) =>
    hits.some((hit) => one !== hit && one.from <= hit.from && one.to >= hit.to && one.key !== hit.key);
  return [...new Set(spans.filter(isAround).map(({ key }) => key))];
}

/** All runs of whole words, by their first word, the longest first. */
function spansOf(title: string): Span[] {
  const text = title.slice(0, LONGEST_TITLE);
  const words = [...text.matchAll(WORD)].map(({ 0: word, index }) => ({ start: index, end: index + word.length }));
  const opens = words.map(({ start }) => !isGlued(text, start - 1, start - 2));
  const closes = words.map(
    ({ end }) => !isGlued(text, end, end + 1) || /^['’]s(?![\p{L}\p{N}])/iu.test(text.slice(end)),
  );
  return words.flatMap(({ start }, from) => {
    if (!opens[from]) return [];
    const most = Math.min(words.length, from + MOST_WORDS);
    return Array.from({ length: most - from }, (_, n) => most - 1 - n).flatMap((to): Span[] => {
      const end = words[to]?.end ?? start;
      const part = text.slice(start, end);
      return closes[to] ? [{ from, to, text: part, start, key: nameKey(part) }] : [];
    });
  });
}

const isGlued = (text: string, sign: number, letter: number): boolean =>
  GLUE.test(text.charAt(sign)) && LETTER.test(text.charAt(letter));
