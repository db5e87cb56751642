/** Code points. */
const longest = 100;

/**
 * A name that somebody else says is a person's: without control and invisible characters, which could turn a text around or
 * hide in it, with single spaces, at most a hundred characters. Null where nothing is left.
 */
export function cleanName(text: string | null): string | null {
  const cleaned = (text ?? '')
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    // Joiners stay: Persian and Indic names are spelled with them.
    .replace(/(?![\u200c\u200d])[\p{Cf}\p{Co}\p{Cs}]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
  const cut = [...cleaned].slice(0, longest).join('').trim();
  return /[^\s\u200c\u200d]/u.test(cut) ? cut : null;
}
