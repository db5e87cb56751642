import { type CreditPart, splitNames } from './credit-parts';
import { jointNameKeys } from './joint-names';
import { nameKey } from './name-keys';
import { signsIn } from './title-signs';

/**
 * How sure it is that a part is one artist's name. `certain`: a known name, or a credit with nothing to split at;
 * `likely`: cut at a sign that names hardly ever hold ("feat.", or a comma in a longer enumeration); `unsure`: cut at a
 * sign that names often hold ("&", "and", one comma), or left whole although it has one.
 */
export type CreditConfidence = 'certain' | 'likely' | 'unsure';

/** One artist in a credit: the first is `primary`, all others `featured`. Offsets are UTF-16, within the credit. */
export interface CreditedName {
  name: string;
  role: 'primary' | 'featured';
  confidence: CreditConfidence;
  start: number;
  end: number;
}

const LONGEST_CREDIT = 1_000;
/** "Tyler, The Creator", "Florence & The Machine", "Mumford & Sons", "Glenn Miller and His Orchestra". */
const COMPANY = /^(?:the|his|her|their|los|las|les|die)\s|^(?:sons|co\.?|friends|company)$/iu;
const IN_AN_ENUMERATION = 3;

/**
 * Reads a credit in words, as Apple Music's `artistName` ("A, B & C feat. D") is one; an id, where there is one, says
 * more. Known names win over splitting, the longest first.
 * @param isKnown whether a name, by its `nameKey`, is an artist's
 */
export function parseArtistCredit(credit: string, isKnown: (key: string) => boolean): CreditedName[] {
  const text = credit.slice(0, LONGEST_CREDIT);
  const isWhole = (key: string) => isKnown(key) || jointNameKeys.has(key);
  const whole = text.trim();
  if (whole === '') return [];
  if (isWhole(nameKey(whole))) {
    const start = text.indexOf(whole);
    return [{ name: whole, role: 'primary', confidence: 'certain', start, end: start + whole.length }];
  }
  const signs = signsIn(text).filter(
    ({ relation, start }) => start > 0 && (relation === 'guest' || relation === 'with'),
  );
  const starts = [0, ...signs.map(({ end }) => end)];
  const ends = [...signs.map(({ start }) => start), text.length];
  const names = starts.flatMap((start, group) =>
    namesIn(text.slice(start, ends[group]), start, { isWhole, afterSign: group > 0, alone: signs.length === 0 }),
  );
  const distinct = new Map<string, Omit<CreditedName, 'role'>>();
  for (const name of names) {
    const key = nameKey(name.name);
    if (!distinct.has(key)) distinct.set(key, name);
  }
  return [...distinct.values()].map((name, at) => ({ ...name, role: at === 0 ? 'primary' : 'featured' }));
}

function namesIn(
  text: string,
  offset: number,
  { isWhole, afterSign, alone }: { isWhole: (key: string) => boolean; afterSign: boolean; alone: boolean },
): Omit<CreditedName, 'role'>[] {
  const parts = splitNames(text, offset, isWhole);
  const joined = parts.reduce<(CreditPart & { company: boolean })[]>((done, part) => {
    const last = done.at(-1);
    if (!last || isWhole(nameKey(part.text)) || !isCompany(part, last)) return [...done, { ...part, company: false }];
    const name = text.slice(last.start - offset, part.end - offset);
    return [...done.slice(0, -1), { ...last, text: name, end: part.end, company: true }];
  }, []);
  return joined.map(({ text: name, start, end, company }) => {
    if (isWhole(nameKey(name))) return { name, confidence: 'certain', start, end };
    if (company) return { name, confidence: 'unsure', start, end };
    if (joined.length === 1) return { name, confidence: alone && !afterSign ? 'certain' : 'likely', start, end };
    return { name, confidence: joined.length >= IN_AN_ENUMERATION ? 'likely' : 'unsure', start, end };
  });
}

/** Whether a part goes with the one before it. After a comma only "The …" of a single person does: "Tyler, The Creator". */
function isCompany(part: CreditPart, last: CreditPart): boolean {
  if (!COMPANY.test(part.text)) return false;
  if (part.sign !== ',') return /^(?:[&+]|and|y|et|und|e)$/iu.test(part.sign);
  return !/\s/u.test(last.text) && /^the\s\S+[^s\s]$/iu.test(part.text);
}
