import type { MikroORM } from '../../../adapters/postgres/orm';
import { personByEmail } from '../../../adapters/postgres/people';
import { changeRole } from '../../../adapters/postgres/role-changes';
import { isRole, roles, type RoleChange } from '../../../domain/roles';
import { emailArgument, UsageError } from './usage-error';

const sayings = {
  grant: { done: 'is now', before: 'was', after: ' already' },
  take: { done: 'is no longer', before: 'was no', after: '' },
};

/** Gives a person a role, or takes it. Doing it twice changes nothing. */
export function changeRoleOf(verb: RoleChange['verb']): (words: string[]) => (orm: MikroORM) => Promise<string> {
  return (words) => {
    const [word, role = '', ...rest] = words;
    const email = emailArgument(word);
    if (rest.length > 0) throw new UsageError(`There is one word too many: "${rest[0]}".`);
    if (!isRole(role)) throw new UsageError(`"${role}" is not a role; there are ${roles.join(', ')}.`);
    return async (orm) => {
      const done = await orm.em.fork().transactional(async (tx) => {
        const person = await personByEmail(tx, email);
        return person && changeRole(tx, { verb, role, userId: person.id, actorId: null, requestId: null });
      });
      if (!done)
        throw new UsageError('Nobody with this address is known. Let them sign in, or make a token for them first.');
      if ('denied' in done) throw new UsageError('The last admin stays; make somebody else one first.');
      const { done: now, before, after } = sayings[verb];
      return done.changed ? `${email} ${now} ${role}.` : `${email} ${before} ${role}${after}.`;
    };
  };
}
