import type { z } from 'zod';
import { DomainError } from '../domain/errors';
import { fieldErrors } from './problem';
import { unstorableTexts } from './unstorable-texts';

/** What a schema makes of an input; throws `invalid_request` for what it does not take. An id in the path that can't be one names nothing, so it is a 404 like any other unknown id. */
export function validInput(root: 'params' | 'query' | 'body', schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(value);
  const errors = result.success ? unstorableTexts(root, result.data) : fieldErrors(root, result.error);
  if (result.success && errors.length === 0) return result.data;
  if (root === 'params') throw new DomainError('not_found');
  throw new DomainError('invalid_request', { errors });
}
