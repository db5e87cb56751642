import { parseArgs } from 'node:util';
import { audit } from '../../../adapters/postgres/audit';
import { newId } from '../../../adapters/postgres/ids';
import type { EntityManager, MikroORM } from '../../../adapters/postgres/orm';
import { addPerson, findPerson, lockEmail, personByEmail } from '../../../adapters/postgres/people';
import { createPersonalToken } from '../../../adapters/postgres/personal-tokens';
import { scopesOfRoles, tokenScopes, type TokenScope } from '../../../domain/roles';
import { emailArgument, UsageError } from './usage-error';

interface Request {
  email: string;
  days: number;
  /** Null for all that the person's roles allow. */
  scopes: TokenScope[] | null;
}

/**
 * Makes a token for a person, by default with every scope of theirs. In development a person who never signed in is made; their
 * first sign-in with that verified address finds them.
 */
export function issueToken(words: string[]): (orm: MikroORM, development: boolean) => Promise<string> {
  const request = read(words);
  return (orm, development) => orm.em.fork().transactional((em) => issue(em, request, development));
}

async function issue(em: EntityManager, request: Request, development: boolean): Promise<string> {
  const userId = await personFor(em, request.email, development);
  const allowed = scopesOfRoles((await findPerson(em, userId))?.roles ?? []);
  const scopes = request.scopes ?? allowed;
  const missing = scopes.find((scope) => !allowed.includes(scope));
  if (missing) throw new UsageError(`The roles of this person do not allow the scope "${missing}".`);
  const expiresAt = new Date(Date.now() + request.days * 86_400_000);
  const made = await createPersonalToken(em, { userId, name: 'command line', scopes, expiresAt });
  const subject = { subjectType: 'token', subjectId: made.id };
  audit(em, { actorId: null, event: 'token.created', outcome: 'done', ...subject, details: { by: 'operator' } });
  return made.token;
}

async function personFor(em: EntityManager, email: string, development: boolean): Promise<string> {
  await lockEmail(em, email);
  const known = await personByEmail(em, email);
  if (known) return known.id;
  if (!development) throw new UsageError('Nobody with this address has signed in yet.');
  const id = newId();
  await addPerson(em, { id, displayName: email.split('@')[0] ?? 'Listener', email });
  audit(em, {
    actorId: null,
    event: 'user.created',
    outcome: 'done',
    subjectType: 'user',
    subjectId: id,
    details: { by: 'operator' },
  });
  return id;
}

function read(words: string[]): Request {
  const { values, positionals } = parsed(words);
  const [word, ...rest] = positionals;
  if (rest.length > 0) throw new UsageError(`There is one word too many: "${rest[0]}".`);
  const days = Number(values.days ?? 30);
  if (!Number.isInteger(days) || days < 1 || days > 366) throw new UsageError('--days takes a number from 1 to 366.');
  const scopes = values.scopes?.split(',').map((scope) => scope.trim()) ?? null;
  const unknown = scopes?.find((scope) => !(tokenScopes as readonly string[]).includes(scope));
  if (unknown !== undefined)
    throw new UsageError(`There is no scope "${unknown}"; there are ${tokenScopes.join(', ')}.`);
  return { email: emailArgument(word), days, scopes: scopes as TokenScope[] | null };
}

function parsed(words: string[]) {
  try {
    const options = { days: { type: 'string' }, scopes: { type: 'string' } } as const;
    return parseArgs({ args: words, options, allowPositionals: true });
  } catch {
    throw new UsageError('That option is not known, or lacks its value.');
  }
}
