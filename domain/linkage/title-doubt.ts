import anyAscii from 'any-ascii';
import { signsIn } from '../title-signs';
import { zonesOf } from '../title-zones';
import { ratio } from './likeness';

/** What one title says and another does not: a number, a word that tells versions of a song apart, any other word. */
export const titleDoubts = ['number', 'version', 'words'] as const;
export type TitleDoubt = (typeof titleDoubts)[number];

const versionWords = new Set(
  (
    'live unplugged acoustic akustik instrumental karaoke acapella acappella cappella demo rehearsal outtake take unreleased rerecorded ' +
    'remix mix rmx edit extended radio single club dub vip bootleg rework version mono stereo session sessions orchestral piano ' +
    'cover reprise intro outro interlude clean sped slowed nightcore vivo directo'
  ).split(' '),
);

/** In brackets or behind a dash, these words alone make no other recording; one of them has to be among `telling`. */
const editionWords = new Set(
  'remaster remastered digital digitally version edition album original mix bonus track deluxe expanded anniversary explicit'.split(
    ' ',
  ),
);
const telling = new Set('remaster remastered album original bonus deluxe expanded anniversary explicit'.split(' '));
const EDITION_NUMBER = /^(?:(?:19|20)\d\d|\d+(?:st|nd|rd|th))$/u;

/** Of titles as they are, and of their keys: "Remastered 2011", "2009 Digital Remaster". */
const REMASTER =
  /(?<![\p{L}\p{N}])(?:(?:19|20)\d\d\s+)?(?:digital(?:ly)?\s+)?remaster(?:ed)?(?:\s+(?:version|edition))?(?:\s+(?:19|20)\d\d)?(?![\p{L}\p{N}])/giu;

/** A title without what makes no other recording of it: its guests, what it is from, and that it was remastered or is on another edition. */
export function plainTitle(title: string): string {
  const kept = zonesOf(title).flatMap(({ place, start, end }) => {
    const text = title.slice(start, end);
    const outside = place === 'bracket' || place === 'tail';
    if (outside && (isEdition(text) || /^\s*from\s/iu.test(text))) return [];
    const guest = signsIn(text).find(({ relation, text: sign }) => relation === 'guest' && !/^part/iu.test(sign));
    if (!guest || (guest.start === 0 && !outside)) return [text];
    return [text.slice(0, guest.start)];
  });
  const plain = kept.join(' ').replace(REMASTER, ' ').replace(/\s+/gu, ' ').trim();
  return plain === '' ? title : plain;
}

function isEdition(text: string): boolean {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.some((word) => telling.has(word)) && words.every((w) => editionWords.has(w) || EDITION_NUMBER.test(w));
}

/**
 * What keeps two titles from being one recording's; null where they say the same, be it spelled otherwise or in other letters,
 * and where either is unknown.
 * @param one @param other titles as `nameKey` leaves them
 */
export function titleDoubt(one: string, other: string): TitleDoubt | null {
  if (one === other || one === '' || other === '') return null;
  if (sameTitle(one, other)) return null;
  const [left, right] = apart(wordsOf(one), wordsOf(other));
  const differing = [...left, ...right];
  if (differing.some((word) => /\p{N}/u.test(word))) return 'number';
  if (differing.some((word) => versionWords.has(word))) return 'version';
  return spelledAlike(left.join(''), right.join('')) ? null : 'words';
}

/** Whether two titles are one, whatever the notation of numbers, the letters, and where words end: "Good Bye" is "Goodbye". */
export function sameTitle(one: string, other: string): boolean {
  const joined = (key: string) => wordsOf(key).join('');
  const sound = (key: string) =>
    joined(
      anyAscii(key)
        .toLowerCase()
        .replace(/[^a-z0-9 ]/gu, ''),
    );
  return joined(one) === joined(other) || (sound(one) !== '' && sound(one) === sound(other));
}

const counters: Readonly<Record<string, string>> = {
  pt: 'part',
  part: 'part',
  parte: 'part',
  no: 'number',
  nr: 'number',
  number: 'number',
  vol: 'volume',
  volume: 'volume',
  op: 'opus',
  opus: 'opus',
  chapter: 'chapter',
  act: 'act',
};
const COUNTED = new RegExp(`^(${Object.keys(counters).join('|')})(\\d+)$`, 'u');
const romans = 'i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx'.split(' ');
const numerals = 'one two three four five six seven eight nine ten'.split(' ');

/** The words, with counted parts in one notation: "pt ii" and "part two" are both "part 2". A Roman number at the end counts as well. */
function wordsOf(key: string): string[] {
  const words = key
    .replace(REMASTER, ' ')
    .split(' ')
    .filter((word) => word !== '')
    .flatMap((word) => COUNTED.exec(word)?.slice(1) ?? [word]);
  return words.map((word, at) => {
    const next = words[at + 1];
    if (next !== undefined && Object.hasOwn(counters, word) && isNumber(next)) return counters[word] ?? word;
    const counted = at > 0 && Object.hasOwn(counters, words[at - 1] ?? '');
    const last = at > 0 && at === words.length - 1 && word.length > 1;
    if ((counted || last) && romans.includes(word)) return String(romans.indexOf(word) + 1);
    return counted && numerals.includes(word) ? String(numerals.indexOf(word) + 1) : word;
  });
}

const isNumber = (word: string) => /^\d/u.test(word) || romans.includes(word) || numerals.includes(word);

/** The words that each has and the other has not, or not as often. */
function apart(one: readonly string[], other: readonly string[]): [string[], string[]] {
  const rest = [...other];
  const left = one.filter((word) => {
    const at = rest.indexOf(word);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
  return [left, rest];
}

/** "Colour" is "Color", "Nothin" is "Nothing"; of short words a letter makes others. */
const spelledAlike = (one: string, other: string) =>
  Math.min(one.length, other.length) >= 5 && ratio(one, other) >= 0.88;
