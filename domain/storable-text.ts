/** NUL, which no text in PostgreSQL can hold, and halves of UTF-16 pairs, which no JSON there can. */
const unstorable = /\u{0}|\p{Surrogate}/gu;

/** Whether a text can be looked for and kept as it is. */
export const isStorable = (text: string): boolean => text.search(unstorable) < 0;

/** The beginning of a text, at most so many characters; a UTF-16 pair stays whole. */
export const beginningOf = (text: string, most: number): string =>
  text.length <= most ? text : Array.from(text).slice(0, most).join('');

/** A text with U+FFFD in place of what cannot be kept, for what is only looked up and must get an answer of its own. */
export const withoutUnstorable = (text: string): string => text.replaceAll(unstorable, '\u{fffd}');
