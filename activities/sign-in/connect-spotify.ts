import { audit } from '../../adapters/postgres/audit';
import { ownConnection, saveConsent, unfinishedSync } from '../../adapters/postgres/connection-consent';
import { createJob } from '../../adapters/postgres/jobs';
import { succeedFlow, type FlowRow } from '../../adapters/postgres/oauth-transactions';
import type { EntityManager } from '../../adapters/postgres/orm';
import type { OauthProvider, VerifiedTokens } from '../../adapters/providers/oauth-exchange';
import { spotifyAppOf } from '../../adapters/providers/spotify/apps';
import { DomainError } from '../../domain/errors';
import { missingScopes } from '../../domain/oauth-flows';
import { activitySignal } from '../activity-context';
import type { SignInDeps } from './deps';

/**
 * Makes or renews a Spotify connection and starts its library sync. Scopes are all or nothing: a connection that may read but
 * not write would plan what it can't do, so where one is missing nothing is made (and an older consent stays as it was).
 * Throws `scopes_missing`, `connection_belongs_to_another`, `account_differs`, `flow_expired` where the flow has ended meanwhile,
 * or a ProviderError of the profile call.
 */
export async function connectSpotify(
  deps: SignInDeps,
  flow: FlowRow,
  provider: OauthProvider,
  tokens: VerifiedTokens,
): Promise<void> {
  const { userId } = flow;
  if (!userId) throw new DomainError('flow_not_yours');
  if (missingScopes(provider.scopes, tokens.scopes).length > 0) throw new DomainError('scopes_missing');
  const { quota } = spotifyAppOf(deps.spotifyApps, provider.clientId);
  const { clientId } = provider;
  const auth = { accessToken: tokens.accessToken, clientId, quota, signal: activitySignal() };
  const profile = await deps.spotify.profile(auth);

  const { outboxId, healthChange } = await deps.orm.em.fork().transactional(async (em) => {
    await requireSameAccount(em, flow, userId, profile.accountId);
    const saved = await saveConsent(em, {
      userId,
      provider: 'spotify',
      accountId: profile.accountId,
      accountUserId: profile.userId,
      accountName: profile.displayName,
      clientId: provider.clientId,
      quota,
      scopes: tokens.scopes,
    });
    if (!saved) throw new DomainError('connection_belongs_to_another');
    const { connectionId, made, healthChange } = saved;
    await deps.credentials.save(em, { id: connectionId, type: 'connection', provider: 'spotify' }, tokens);
    audit(em, {
      actorId: userId,
      event: made ? 'connection.created' : 'connection.renewed',
      outcome: 'done',
      subjectType: 'connection',
      subjectId: connectionId,
      details: { provider: 'spotify' },
      requestId: flow.requestId,
    });
    const sync = await startSync(em, flow, userId, connectionId);
    const ended = await succeedFlow(em, flow.id, { userId, connectionId, jobId: sync.jobId });
    if (!ended) throw new DomainError('flow_expired');
    return { outboxId: sync.outboxId, healthChange };
  });
  if (healthChange) deps.onHealthChange(healthChange);
  if (outboxId) await deps.dispatcher.tryStart(outboxId);
}

/** Renewing one connection by consenting with another account would silently change what it stands for. */
async function requireSameAccount(em: EntityManager, flow: FlowRow, userId: string, accountId: string): Promise<void> {
  if (!flow.connectionId) return;
  const own = await ownConnection(em, { userId, connectionId: flow.connectionId, provider: 'spotify' });
  if (own && own.accountId !== accountId) throw new DomainError('account_differs');
}

async function startSync(
  em: EntityManager,
  flow: FlowRow,
  userId: string,
  connectionId: string,
): Promise<{ jobId: string; outboxId: string | null }> {
  const running = await unfinishedSync(em, connectionId);
  if (running) return { jobId: running, outboxId: null };
  return createJob(em, {
    type: 'library_sync',
    userId,
    subjectType: 'connection',
    subjectId: connectionId,
    provider: 'spotify',
    workflowType: 'syncLibrary',
    workflowId: (jobId) => `library-sync:${jobId}`,
    input: (jobId) => ({ jobId, connectionId }),
    requestId: flow.requestId,
  });
}
