import type { FieldError } from '../domain/errors';

/** NUL, which no text in PostgreSQL can hold, and halves of UTF-16 pairs, which no JSON there can. */
const unstorable = /\u{0}|\p{Surrogate}/gu;

/** A text with U+FFFD in their place, for what is only looked up and must get an answer of its own. */
export const withoutUnstorable = (text: string): string => text.replaceAll(unstorable, '\u{fffd}');

/** Faults of an input that is of the right shape and still cannot be looked for or kept. */
export function unstorableTexts(path: string, value: unknown): FieldError[] {
  if (typeof value === 'string')
    return value.search(unstorable) >= 0
      ? [{ path, code: 'invalid_text', message: 'A character that no text may have' }]
      : [];
  if (Array.isArray(value)) return value.flatMap((item, n) => unstorableTexts(`${path}[${n}]`, item));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => unstorableTexts(`${path}.${name}`, item));
}
