import { z } from 'zod';
import { bodyOf, type Call } from '../conduct/world';
import { findPerson } from '../people/people';
import { AdminError } from './admin-error';

/** The body of an admin call in the shape that it must have. */
export function readBody<T>(shape: z.ZodType<T>, call: Call): T {
  const parsed = shape.safeParse(bodyOf(call));
  if (!parsed.success) throw new AdminError(400, z.prettifyError(parsed.error));
  return parsed.data;
}

/** The id of the person whom the path names. */
export function userOf(call: Call): string {
  const person = findPerson(call.params['id']);
  if (!person) throw new AdminError(404, 'There is no such user.');
  return person.id;
}
