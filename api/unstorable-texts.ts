import type { FieldError } from '../domain/errors';
import { isStorable } from '../domain/storable-text';

/** Faults of an input that is of the right shape and still cannot be looked for or kept. */
export function unstorableTexts(path: string, value: unknown): FieldError[] {
  if (typeof value === 'string')
    return isStorable(value) ? [] : [{ path, code: 'invalid_text', message: 'A character that no text may have' }];
  if (Array.isArray(value)) return value.flatMap((item, n) => unstorableTexts(`${path}[${n}]`, item));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => unstorableTexts(`${path}.${name}`, item));
}
