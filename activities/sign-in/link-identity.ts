import { audit } from '../../adapters/postgres/audit';
import { newId } from '../../adapters/postgres/ids';
import { succeedFlow, type FlowRow } from '../../adapters/postgres/oauth-transactions';
import type { EntityManager } from '../../adapters/postgres/orm';
import {
  addIdentity,
  addPerson,
  findIdentity,
  lockEmail,
  personByEmail,
  touchIdentity,
} from '../../adapters/postgres/people';
import type { VerifiedTokens } from '../../adapters/providers/oauth-exchange';
import { DomainError } from '../../domain/errors';
import type { SignInDeps } from './deps';

type IdToken = NonNullable<VerifiedTokens['idToken']>;

/**
 * Finds or makes the person behind a verified identity. The link is provider and subject; an e-mail address never joins two
 * people by itself. Throws `account_exists`. Returns whether it ended the flow: false where that had been done before.
 */
export async function linkIdentity(deps: SignInDeps, flow: FlowRow, tokens: VerifiedTokens): Promise<boolean> {
  const { idToken } = tokens;
  if (!idToken) throw new DomainError('identity_invalid');
  return deps.orm.em.fork().transactional(async (em) => {
    const known = await findIdentity(em, flow.provider, idToken.subject);
    const linked = known ? await reuse(em, flow, known, idToken) : await make(em, flow, idToken);
    // Google gives a refresh token at the first consent only; it is kept, so that leaving can take the whole grant back.
    const refreshToken = tokens.refreshToken ?? (known ? await formerRefreshToken(deps, known.id) : null);
    const owner = { id: linked.identityId, type: 'identity', provider: flow.provider } as const;
    await deps.credentials.save(em, owner, { ...tokens, refreshToken });
    return succeedFlow(em, flow.id, { userId: linked.userId, connectionId: null, jobId: null });
  });
}

async function formerRefreshToken(deps: SignInDeps, identityId: string): Promise<string | null> {
  return deps.credentials.read(identityId).then(
    (stored) => stored?.refreshToken ?? null,
    // One that can't be opened any more is as good as none.
    () => null,
  );
}

interface Linked {
  userId: string;
  identityId: string;
}

async function reuse(
  em: EntityManager,
  flow: FlowRow,
  known: { id: string; userId: string },
  idToken: IdToken,
): Promise<Linked> {
  if (flow.purpose === 'link' && known.userId !== flow.userId) throw new DomainError('account_exists');
  await touchIdentity(em, known.id, idToken);
  return { userId: known.userId, identityId: known.id };
}

async function make(em: EntityManager, flow: FlowRow, idToken: IdToken): Promise<Linked> {
  const identityId = newId();
  const userId = flow.purpose === 'link' && flow.userId ? flow.userId : await personFor(em, flow, idToken);
  await addIdentity(em, { id: identityId, userId, provider: flow.provider, ...idToken });
  audit(em, {
    actorId: userId,
    event: 'identity.linked',
    outcome: 'done',
    subjectType: 'identity',
    subjectId: identityId,
    details: { provider: flow.provider },
    requestId: flow.requestId,
  });
  return { userId, identityId };
}

/** A person whom the operator made ahead of their first sign-in has no identity yet: a verified address finds them. */
async function personFor(em: EntityManager, flow: FlowRow, idToken: IdToken): Promise<string> {
  const email = idToken.emailVerified ? idToken.email : null;
  if (email !== null) {
    await lockEmail(em, email);
    const holder = await personByEmail(em, email);
    if (holder && !holder.hasIdentity) return holder.id;
    if (holder) throw new DomainError('account_exists');
  }
  const userId = newId();
  await addPerson(em, { id: userId, displayName: idToken.name ?? 'Listener', email });
  audit(em, {
    actorId: userId,
    event: 'user.created',
    outcome: 'done',
    subjectType: 'user',
    subjectId: userId,
    details: { provider: flow.provider },
    requestId: flow.requestId,
  });
  return userId;
}
