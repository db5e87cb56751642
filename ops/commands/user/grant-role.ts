import { audit } from '../../../adapters/postgres/audit';
import type { MikroORM } from '../../../adapters/postgres/orm';
import { addRole, personByEmail } from '../../../adapters/postgres/people';
import { isRole, roles } from '../../../domain/roles';
import { emailArgument, UsageError } from './usage-error';

/** Gives a person a role. Doing it twice changes nothing. */
export function grantRole(words: string[]): (orm: MikroORM) => Promise<string> {
  const [word, role = '', ...rest] = words;
  const email = emailArgument(word);
  if (rest.length > 0) throw new UsageError(`There is one word too many: "${rest[0]}".`);
  if (!isRole(role)) throw new UsageError(`"${role}" is not a role; there are ${roles.join(', ')}.`);
  return (orm) =>
    orm.em.fork().transactional(async (em) => {
      const person = await personByEmail(em, email);
      if (!person)
        throw new UsageError('Nobody with this address is known. Let them sign in, or make a token for them first.');
      const added = await addRole(em, person.id, role);
      if (added)
        audit(em, {
          actorId: null,
          event: 'role.granted',
          outcome: 'done',
          subjectType: 'user',
          subjectId: person.id,
          details: { role, by: 'operator' },
        });
      return added ? `${email} is now ${role}.` : `${email} was ${role} already.`;
    });
}
