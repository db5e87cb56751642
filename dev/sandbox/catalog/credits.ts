import { foldName } from './names';

const guestMark = /\s*[([]?\s*\b(?:feat\.|ft\.|featuring\b)\s*/i;
const guestsInTitle = /\s*[([]([^()[\]]*?)[\s,]*\b(?:feat\.|ft\.|featuring\b)\s*([^()[\]]+)[)\]]/i;
const joint = /\s*(?:;|&)\s*/;
const guestSeparator = /\s*(?:,|;|&|\band\b)\s*/i;
// Classical credits name the part before the person, as in "conductor: Georg Solti".
const part =
  /^(?:(?:conductor|soprano|alto|tenor|baritone|bass|piano|organ|cello|violin|trumpet|narrator|singers?):?\s+)+/i;

/** A title without the guests it named, and those guests in the order it named them. */
export interface TitleCredits {
  title: string;
  guests: string[];
}

/** Takes "(feat. A, B & C)" and "(Orchestra feat. conductor: D)" out of a title. */
export function takeGuests(title: string): TitleCredits {
  const found = guestsInTitle.exec(title);
  if (!found) return { title, guests: [] };
  const ensembles = (found[1] ?? '').split(',');
  const guests = [...ensembles, ...splitGuests(found[2] ?? '')].map((name) => name.trim()).filter(Boolean);
  const rest = title
    .replace(found[0], ' ')
    .replace(/\s*(?:\([^()]*\s)?\)\s*$/, (end) => (end.includes(' )') ? '' : end));
  return { title: rest.replace(/\s+/g, ' ').trim(), guests };
}

/** Whether a credit names one artist only, so that its name stands for an artist of their own. */
export function isSingleCredit(credit: string): boolean {
  return !guestMark.test(credit) && !joint.test(credit);
}

/**
 * Splits a credit into artists: guests after "feat." or "ft.", and both sides of ";" and "&" only where each of them
 * is an artist elsewhere; "Simon & Garfunkel" stays one. Each artist is named once.
 *
 * @param guests who the title named besides
 * @param known folded names of artists that have a credit of their own
 */
export function splitCredit(credit: string, guests: string[], known: ReadonlySet<string>): string[] {
  const [main = '', ...after] = credit.split(guestMark);
  const sides = main.split(joint);
  const leads = sides.every((side) => known.has(foldName(side))) ? sides : [main];
  const artists = new Map<string, string>();
  for (const name of [...leads, ...after.flatMap(splitGuests), ...guests]) {
    const clean = name.trim();
    const folded = foldName(clean);
    if (folded !== '' && !artists.has(folded)) artists.set(folded, clean);
  }
  return [...artists.values()];
}

function splitGuests(text: string): string[] {
  return text
    .replace(/[)\]]\s*$/, '')
    .split(guestSeparator)
    .map((name) => name.trim().replace(part, ''));
}
