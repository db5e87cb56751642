import type { FieldError } from '../domain/errors';

/** NUL, which no text in PostgreSQL can hold, and halves of UTF-16 pairs, which no JSON there can. */
const unstorable = /\u{0}|\p{Surrogate}/u;

/** Faults of an input that is of the right shape and still cannot be looked for or kept. */
export function unstorableTexts(path: string, value: unknown): FieldError[] {
  if (typeof value === 'string')
    return unstorable.test(value) ? [{ path, code: 'invalid_text', message: 'A character that no text may have' }] : [];
  if (Array.isArray(value)) return value.flatMap((item, n) => unstorableTexts(`${path}[${n}]`, item));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => unstorableTexts(`${path}.${name}`, item));
}
