import { cleanName } from '../../../domain/person-name';
import { parseObject } from '../parse-object';

/**
 * The name in the `user` field of Apple's first callback, a JSON text `{"name":{"firstName","lastName"},"email"}` that nobody
 * signed: the name is taken for what it is, the address never. Null where there is none.
 */
export function nameInUserField(user: string | undefined): string | null {
  if (user === undefined || user.length > 4000) return null;
  const name = parseObject(user)?.name;
  if (typeof name !== 'object' || name === null) return null;
  const { firstName, lastName } = name as { firstName?: unknown; lastName?: unknown };
  return cleanName([firstName, lastName].filter((part) => typeof part === 'string').join(' '));
}
