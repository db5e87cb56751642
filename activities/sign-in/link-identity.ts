import { offerMerge } from '../../adapters/postgres/account-merges';
import { audit } from '../../adapters/postgres/audit';
import { newId } from '../../adapters/postgres/ids';
import { forgetNames } from '../../adapters/postgres/kept-names';
import { noteMerge, succeedFlow, type FlowRow } from '../../adapters/postgres/oauth-transactions';
import type { EntityManager } from '../../adapters/postgres/orm';
import {
  addIdentity,
  addPerson,
  findIdentity,
  lockEmail,
  personByEmail,
  touchIdentity,
} from '../../adapters/postgres/people';
import type { VerifiedIdentity, VerifiedTokens } from '../../adapters/providers/oauth-exchange';
import { DomainError } from '../../domain/errors';
import type { SignInDeps } from './deps';

/**
 * Finds or makes the person behind a verified identity. The link is provider and subject; an e-mail address never joins two
 * people by itself. Throws `account_exists`; `identity_belongs_to_another`, after an offer to merge the two has been noted;
 * `flow_expired` where the flow has ended meanwhile: then nothing is changed.
 */
export async function linkIdentity(
  deps: SignInDeps,
  flow: FlowRow,
  tokens: VerifiedTokens,
  identity: VerifiedIdentity,
): Promise<void> {
  const done = await deps.orm.em.fork().transactional(async (em) => {
    const known = await findIdentity(em, flow.provider, identity.subject);
    if (known && flow.purpose === 'link' && known.userId !== flow.userId) {
      await offer(em, flow, known.userId);
      return false;
    }
    const linked = known ? await reuse(em, known, identity) : await make(em, flow, identity);
    // Google gives a refresh token at the first consent only; it is kept, so that leaving can take the whole grant back.
    const refreshToken = tokens.refreshToken ?? (known ? await formerRefreshToken(deps, known.id) : null);
    const owner = { id: linked.identityId, type: 'identity', provider: flow.provider } as const;
    await deps.credentials.save(em, owner, { ...tokens, refreshToken });
    await forgetNames(em, { provider: flow.provider, subject: identity.subject });
    const ended = await succeedFlow(em, flow.id, { userId: linked.userId, connectionId: null, jobId: null });
    if (!ended) throw new DomainError('flow_expired');
    return true;
  });
  if (!done) throw new DomainError('identity_belongs_to_another');
}

/** Whoever proves that both are theirs may join them, in a step of its own. */
async function offer(em: EntityManager, flow: FlowRow, absorbedId: string): Promise<void> {
  if (!flow.userId || flow.resultMergeId !== null) return;
  const mergeId = await offerMerge(em, {
    survivorId: flow.userId,
    absorbedId,
    flowId: flow.id,
    requestId: flow.requestId,
  });
  await noteMerge(em, flow.id, mergeId);
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
  known: { id: string; userId: string },
  identity: VerifiedIdentity,
): Promise<Linked> {
  await touchIdentity(em, known.id, identity);
  return { userId: known.userId, identityId: known.id };
}

async function make(em: EntityManager, flow: FlowRow, identity: VerifiedIdentity): Promise<Linked> {
  const identityId = newId();
  const userId = flow.purpose === 'link' && flow.userId ? flow.userId : await personFor(em, flow, identity);
  await addIdentity(em, { id: identityId, userId, provider: flow.provider, ...identity });
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
async function personFor(em: EntityManager, flow: FlowRow, identity: VerifiedIdentity): Promise<string> {
  const email = identity.emailVerified ? identity.email : null;
  if (email !== null) {
    await lockEmail(em, email);
    const holder = await personByEmail(em, email);
    if (holder && !holder.hasIdentity) return holder.id;
    if (holder) throw new DomainError('account_exists');
  }
  const userId = newId();
  await addPerson(em, { id: userId, displayName: identity.name ?? 'Listener', email });
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
