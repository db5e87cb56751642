/** Dakuten and handakuten: part of a kana, not accents on it. */
const ACCENTS = /(?![\u3099\u309a])\p{M}/gu;

/** Letters that other spellings of the same name replace, where no normal form does. */
const spellings: Readonly<Record<string, string>> = {
  ı: 'i',
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  æ: 'ae',
  œ: 'oe',
  ى: 'ي',
  ة: 'ه',
  ـ: '',
};
const SPELLINGS = /[ıßøłđðþæœىةـ]/gu;

/** Signs that stand for a letter in the middle or at the head of a word, as in "A$AP", "Ke$ha", "P!nk". */
const letterSigns: Readonly<Record<string, string>> = { $: 's', '!': 'i', '@': 'a' };
const LETTER_SIGNS = /[$!@](?=\p{L})/gu;

const JOINING_WORDS = /\s+(?:and|y|et|und|e)\s+/gu;
/** "R.Kelly" is "R. Kelly". */
const JOINED_INITIAL = /(?<=^|[\s.])(\p{L})\.(?=\p{L}{2})/gu;
const UNSPOKEN = /[^\p{L}\p{N}\s\u3099\u309a]+/gu;

/**
 * What two spellings of one name share, for comparing names in free text: no case, accents, punctuation or width;
 * "&", "+" and "and" are one; "A$AP" is "asap" and "AC/DC" is "acdc". Scripts are kept apart. A name of nothing but
 * signs, such as "!!!", keeps them; only blank text has an empty key.
 */
export function nameKey(name: string): string {
  const folded = name
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(SPELLINGS, (letter) => spellings[letter] ?? letter)
    .replace(/\s+/gu, ' ')
    .trim();
  const spoken = folded
    .replace(JOINED_INITIAL, '$1. ')
    .replace(LETTER_SIGNS, (sign) => letterSigns[sign] ?? sign)
    .replace(/\s*[&+]\s*(?=\S)/gu, (sign, at: number) => (at === 0 ? '' : ' and '))
    .replace(UNSPOKEN, '')
    .replace(/\s+/gu, ' ')
    .replace(JOINING_WORDS, ' and ')
    .trim();
  return spoken === '' ? folded : spoken;
}
