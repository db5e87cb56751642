/** What a title says of a name: sings along, plays along, joins on equal terms, competes, produced it, remixed it. */
export type MentionRelation = 'guest' | 'with' | 'joint' | 'versus' | 'producer' | 'remixer' | 'lead';

/** A sign that a name follows; offsets within the text searched. */
export interface TitleSign {
  relation: 'guest' | 'with' | 'producer' | 'remixer';
  text: string;
  start: number;
  end: number;
}

const NOT_IN_WORD = String.raw`(?<![\p{L}\p{N}'’])`;
const WORD_ENDS = String.raw`(?![\p{L}\p{N}'’])`;
const SIGN = new RegExp(
  `${NOT_IN_WORD}(?:` +
    [
      String.raw`(?<guest>feat\.|feat${WORD_ENDS}|(?<!\d\s?|\b(?:at|in|from|near|to)\s)ft(?:\.|${WORD_ENDS})|featuring${WORD_ENDS}|f\/|part\.(?:\s*esp\.)?|(?:при\s+)?участии${WORD_ENDS}|フィーチャリング|피처링|بمشاركة)`,
      String.raw`(?<producer>prod\.(?:\s*by${WORD_ENDS})?|prod(?:uced)?\s+by${WORD_ENDS})`,
      String.raw`(?<remixer>(?:remix(?:ed)?|rmx|reworked)\s+by${WORD_ENDS})`,
      String.raw`(?<with>w\/|(?:(?:with|con|avec|mit|com|med|met|junto\s+a|с|со|مع|עם|με)${WORD_ENDS}))`,
    ].join('|') +
    String.raw`)[\s:.]*`,
  'giu',
);

/** The signs in a stretch of a title, in reading order. */
export function signsIn(text: string): TitleSign[] {
  return [...text.matchAll(SIGN)].map((found) => {
    const { guest, producer, remixer } = found.groups ?? {};
    const relation = guest ? 'guest' : producer ? 'producer' : remixer ? 'remixer' : 'with';
    return { relation, text: found[0].trim(), start: found.index, end: found.index + found[0].length };
  });
}

const versionWord =
  /^(?:acoustic|bonus|club|deep|demo|deluxe|dub|duet|edit|extended|full|house|instrumental|interlude|intro|live|long|mix|mono|official|original|outro|overture|pt\.?|radio|recorded|remaster|remastered|remix|session|short|single|stereo|studio|techno|track|version|vip|vocal|\d{2,4})$/iu;

/** Whether a word tells versions apart rather than names anybody: "Remastered", "Live", "2011". */
export function isVersionWord(word: string): boolean {
  return versionWord.test(word);
}

const REMIX = /\s+(?:remix|rmx|mix|edit|re-edit|bootleg|flip|rework|refix|dub|vip|ремикс|リミックス|리믹스)$/iu;

/**
 * The texts before "Remix" that may be the remixer's name, the longest first: "Tiësto's Club Remix" gives "Tiësto's
 * Club", "Tiësto's" and "Tiësto". Empty where the text isn't the name of a remix. All begin where the text begins.
 */
export function remixersIn(text: string): { names: string[]; sign: string } | null {
  const trimmed = text.trimEnd();
  const sign = REMIX.exec(trimmed)?.[0] ?? /\s+(?:remix|rmx|mix)(?=\s)/iu.exec(trimmed)?.[0];
  if (sign === undefined) return null;
  let name = trimmed.slice(0, trimmed.lastIndexOf(sign)).trimEnd();
  const names = [name];
  for (let cut = name.lastIndexOf(' '); cut > 0 && isVersionWord(name.slice(cut + 1)); cut = name.lastIndexOf(' ')) {
    name = name.slice(0, cut).trimEnd();
    names.push(name);
  }
  const plain = name.replace(/['’]s?$/u, '');
  return { names: plain === name ? names : [...names, plain], sign: sign.trim() };
}
