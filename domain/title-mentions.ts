import type { NameWeight } from './common-words';
import { type CreditPart, splitNames } from './credit-parts';
import { jointNameKeys } from './joint-names';
import { nameKey } from './name-keys';
import type { NameIndex } from './name-index';
import { isVersionWord, type MentionRelation, remixersIn, signsIn, type TitleSign } from './title-signs';
import { type TitleZone, zonesOf } from './title-zones';

/**
 * An artist's name found in a title. `text` is the exact substring of the title from `start` to `end` (UTF-16 offsets);
 * `sign` is what makes it a credit, such as "feat."; `name` is the artist's name or alias that it equals.
 */
export interface TitleMention {
  artistId: string;
  name: string;
  relation: MentionRelation;
  sign: string;
  text: string;
  start: number;
  end: number;
}

const LONGEST_TITLE = 1_000;
/** Every title with a credit in it has one of these; most titles have none and are passed over at once. */
const ANY_SIGN =
  /[&＆+×✕/／,;、，([（［【「『-]|[–—―~|:]|[\s.](?:x|х|and|y|e|et|und|och|og|и|vs\.?|versus|with|con|avec|mit|com|med|met|feat|ft|featuring|prod|produced|junto|part\.|с|со|مع|με|עם|участии|بمشاركة)[\s.]|フィーチャリング|피처링/iu;

const rank: Readonly<Record<NameWeight, number>> = { weak: 0, plain: 1, distinctive: 2 };

/**
 * Finds credits in a title and which of the indexed names they give. A name counts only as a whole part of a credit, so
 * never inside a word or another name, and never without a sign:
 * - after "feat.", "ft.", "prod. by" and the like, any name;
 * - after "with" (con, avec, mit …) at the start of a bracket or after a dash, before "Remix", and beside "x" or "vs."
 *   there, any but one- and two-letter names and common words ("Air", "Live");
 * - beside "&" or "and", "with" in running text, and before the dash of "Name - Title", only names of several words or
 *   of unmistakable spelling, since "Romeo & Juliet" are no duo.
 *
 * Each artist is given once, in its first place. The result is for review; a name says nothing about who bears it.
 * @param whole keys of further names that must not be split, such as the artists credited on the track
 */
export function findMentions(title: string, index: NameIndex, whole: ReadonlySet<string> = new Set()): TitleMention[] {
  if (index.byKey.size === 0 || !ANY_SIGN.test(title)) return [];
  const text = title.slice(0, LONGEST_TITLE);
  const found = new Map<string, TitleMention>();
  const isWhole = (key: string) => index.byKey.has(key) || jointNameKeys.has(key) || whole.has(key);
  const look = (part: Omit<CreditPart, 'sign'>, least: NameWeight, relation: MentionRelation, sign: string) => {
    const named = (index.byKey.get(nameKey(part.text)) ?? []).filter(({ weight }) => rank[weight] >= rank[least]);
    for (const { artistId, name } of named) {
      if (found.has(artistId)) continue;
      found.set(artistId, { artistId, name, relation, sign, text: part.text, start: part.start, end: part.end });
    }
    return named.length > 0;
  };
  const search: Search = { text, index, isWhole, look };
  const zones = zonesOf(text);
  zones.forEach((zone, at) => searchZone(search, zone, zones[at + 1]));
  return [...found.values()].sort((one, other) => one.start - other.start);
}

interface Search {
  text: string;
  index: NameIndex;
  isWhole: (key: string) => boolean;
  look: (part: Omit<CreditPart, 'sign'>, least: NameWeight, relation: MentionRelation, sign: string) => boolean;
}

function searchZone(search: Search, zone: TitleZone, next: TitleZone | undefined): void {
  const text = search.text.slice(zone.start, zone.end);
  const signs = signsIn(text).filter((sign) => isSign(sign, zone));
  const before = text.slice(0, signs[0]?.start ?? text.length);
  searchRemixers(search, zone, before);
  searchJoints(search, zone, before, next);
  signs.forEach((sign, at) => {
    const end = signs[at + 1]?.start ?? text.length;
    const least = leastWeight(sign, zone, before);
    const from = zone.start + sign.end;
    lookForBracketed(search, from, sign, least);
    for (const part of splitNames(text.slice(sign.end, end), from, search.isWhole)) {
      if (search.look(part, least, sign.relation, sign.text) || search.isWhole(nameKey(part.text))) continue;
      lookWithin(search, part, sign);
    }
  });
}

/** A title doesn't begin with the guests of nothing: "With or Without You", "Ft. Worth Blues". */
function isSign(sign: TitleSign, zone: TitleZone): boolean {
  return zone.place === 'bracket' || zone.start + sign.start > 0;
}

function leastWeight(sign: TitleSign, { place }: TitleZone, before: string): NameWeight {
  if (sign.relation === 'guest' || sign.relation === 'producer') return 'weak';
  if (sign.relation === 'remixer' || /^w\//iu.test(sign.text)) return 'plain';
  const words = before.trim().split(/\s+/u).filter(Boolean);
  const leads = words.every(isVersionWord);
  return (place === 'bracket' || place === 'tail') && leads ? 'plain' : 'distinctive';
}

/** "(feat. (G)I-DLE)": the bracket belongs to the name. */
function lookForBracketed({ text, index, look }: Search, start: number, sign: TitleSign, least: NameWeight): void {
  for (const name of index.bracketed) {
    const part = text.slice(start, start + name.length);
    if (part.toLowerCase() === name.toLowerCase()) {
      look({ text: part, start, end: start + part.length }, least, sign.relation, sign.text);
    }
  }
}

/** "Suga of BTS" names both; "Drake Remix" after "feat." names Drake. */
function lookWithin({ look }: Search, part: CreditPart, { relation, text: sign }: TitleSign): void {
  const at = part.text.search(/\s+of\s+/iu);
  if (at > 0) {
    const group = part.text.slice(at).replace(/^\s+of\s+/iu, '');
    look({ text: part.text.slice(0, at), start: part.start, end: part.start + at }, 'plain', relation, sign);
    look({ text: group, start: part.end - group.length, end: part.end }, 'plain', relation, sign);
  }
  const words = part.text.split(' ');
  while (words.length > 1 && isVersionWord(words.at(-1) ?? '')) words.pop();
  const name = words.join(' ');
  if (name !== part.text)
    look({ text: name, start: part.start, end: part.start + name.length }, 'plain', relation, sign);
}

function searchRemixers({ isWhole, look }: Search, { place, start }: TitleZone, text: string): void {
  if (place === 'whole' || place === 'head') return;
  const remix = remixersIn(text);
  for (const name of remix?.names ?? []) {
    for (const part of splitNames(name, start, isWhole)) look(part, 'plain', 'remixer', remix?.sign ?? '');
  }
}

function searchJoints(
  { isWhole, look, text: title }: Search,
  zone: TitleZone,
  text: string,
  next: TitleZone | undefined,
): void {
  const parts = splitNames(text, zone.start, isWhole);
  const [only] = parts;
  if (only && parts.length === 1) {
    const isLead = zone.place === 'head' && next?.place === 'tail' && !isVersion(title.slice(next.start, next.end));
    if (isLead) look(only, 'distinctive', 'lead', '-');
    return;
  }
  const joints = parts.map((part) => part.sign).filter((sign) => !/^[,;、，；•|]?$/u.test(sign));
  if (joints.length === 0) return;
  const mark = joints.find((sign) => /^(?:[xх×✕]|vs\.?|versus)$/iu.test(sign));
  const sign = mark ?? joints[0] ?? '';
  const relation = /^v/iu.test(sign) ? 'versus' : 'joint';
  const least = mark !== undefined && zone.place !== 'whole' ? 'plain' : 'distinctive';
  for (const part of parts) look(part, least, relation, sign);
}

function isVersion(text: string): boolean {
  return text.trim().split(/\s+/u).some(isVersionWord);
}
