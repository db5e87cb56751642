import type { z } from 'zod';
import { appleMusicSettings } from '../../../adapters/environment/apple-music-client';
import { saveAppleMusicConsent, type SavedConsent } from '../../../adapters/postgres/apple-music-consent';
import { audit } from '../../../adapters/postgres/audit';
import { findConnection } from '../../../adapters/postgres/connection-reads';
import { createCredentialStore } from '../../../adapters/postgres/credentials';
import { unfinishedSync } from '../../../adapters/postgres/connection-consent';
import { startLibrarySync } from '../../../adapters/postgres/library-sync-start';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { reconnectPath } from '../../../domain/connection-lifecycle';
import { DomainError, ProviderError } from '../../../domain/errors';
import type { AppContext, Caller } from '../../context';
import type { Dependencies } from '../../dependencies';
import { connectionHref } from '../../../domain/hrefs';
import { requireNotSuspended } from '../../middleware/authorize';
import { defineRoute } from '../../route';
import { presentConnection } from './presenters';
import { appleMusicConnectionSchema, appleMusicConsentSchema, developerTokenSchema } from './apple-music-schema';

const developerToken = defineRoute({
  method: 'get',
  path: '/connections/apple-music/developer-token',
  summary: 'What a page needs to ask a person for their Apple Music',
  description:
    'For a page of your own that uses MusicKit JS: configure it with `token`, let it authorize, and send what it answers to `POST connections/apple-music`. The page `/connect/apple-music` does all of that. The token is ours and the same for everybody; it opens nobody’s library.',
  tags: ['Connections'],
  permission: 'signed_in',
  scope: 'write',
  limit: 'signIn',
  responses: { 200: developerTokenSchema },
  handler: async ({ ctx, deps }) => {
    const { settings, tokens } = configured(ctx, deps);
    const { token, expiresAt } = await tokens.current();
    const body = { token, expiresAt: expiresAt.toISOString(), musicKitUrl: settings.musicKitUrl };
    return { status: 200, body };
  },
});

const connect = defineRoute({
  method: 'post',
  path: '/connections/apple-music',
  summary: 'Connect Apple Music, or renew that',
  description:
    'With the Music User Token that MusicKit gave. Apple is asked at once whether it is good; `400 music_token_rejected` where it is not, `409 subscription_missing` where the account has none. Apple tells nothing by which an account could be known again, so a person has one Apple Music connection; `409 already_connected` names it, and `connectionId` says that the token is of that same account. Connecting and renewing start a library sync, whose job is `jobId`. Sending the same token again changes nothing. When Apple ends the token, the person has to consent again: no call renews it, and none takes it back.',
  tags: ['Connections'],
  permission: 'signed_in',
  limit: 'signIn',
  body: appleMusicConsentSchema,
  responses: { 200: appleMusicConnectionSchema, 201: appleMusicConnectionSchema },
  idempotent: true,
  handler: async (input) => {
    const flow = { provider: 'apple_music', purpose: 'connect' };
    try {
      const answer = await keepConsent(input);
      input.deps.metrics.onFlowEnd({ ...flow, outcome: 'ok' });
      return answer;
    } catch (error) {
      if (error instanceof DomainError) input.deps.metrics.onFlowEnd({ ...flow, outcome: error.code });
      if (error instanceof ProviderError) input.deps.metrics.onFlowEnd({ ...flow, outcome: error.failure });
      throw error;
    }
  },
});

interface ConsentInput {
  user: Caller;
  body: z.output<typeof appleMusicConsentSchema>;
  em: EntityManager;
  ctx: AppContext;
  deps: Dependencies;
}

async function keepConsent({ user, body, em, ctx, deps }: ConsentInput) {
  const connectionId = body.connectionId ?? null;
  // Renewing is what undoing may need.
  if (connectionId === null) await requireNotSuspended(ctx, deps);
  const { settings, client } = configured(ctx, deps);
  const { userId } = user;
  const { musicUserToken } = body;
  // Before Apple is asked: what is not theirs is not there.
  if (connectionId !== null && !(await isOwn(em, userId, connectionId))) throw new DomainError('not_found');
  const { teamId, quota } = settings;
  const storefront = await ask(() => client.storefront({ accessToken: musicUserToken, quota }));
  const credentials = createCredentialStore(deps.orm, deps.vault);
  const saved = await em.transactional(async (tx) => {
    const consent = { userId, connectionId, musicUserToken, storefront, teamId, quota };
    const kept = requireSaved(await saveAppleMusicConsent(tx, credentials, consent));
    if (kept.outcome !== 'unchanged')
      audit(tx, {
        actorId: userId,
        event: kept.outcome === 'made' ? 'connection.created' : 'connection.renewed',
        outcome: 'done',
        subjectType: 'connection',
        subjectId: kept.connectionId,
        details: { provider: 'apple_music' },
        requestId: ctx.state.requestId,
      });
    const { outcome, connectionId: id } = kept;
    const sync =
      outcome === 'unchanged'
        ? { jobId: await unfinishedSync(tx, id), outboxId: null }
        : await startLibrarySync(tx, {
            userId,
            connectionId: id,
            provider: 'apple_music',
            requestId: ctx.state.requestId,
          });
    return { ...kept, ...sync };
  });
  if (saved.outboxId) await deps.dispatcher.tryStart(saved.outboxId);
  if (saved.healthChange) deps.metrics.onHealthChange(saved.healthChange);
  const row = await findConnection(em, { userId, id: saved.connectionId });
  if (!row) throw new DomainError('not_found');
  const answer = {
    body: { ...presentConnection(row), jobId: saved.jobId },
    headers: { Location: connectionHref(row.id) },
  };
  return saved.outcome === 'made' ? { status: 201 as const, ...answer } : { status: 200 as const, ...answer };
}

function configured(ctx: AppContext, { appleMusic, config }: Dependencies) {
  const settings = config.appleMusic;
  if (appleMusic && settings) return { ...appleMusic, settings };
  const missing = appleMusicSettings.filter((name) => !config[name]);
  ctx.state.log.warn({ provider: 'apple_music', missing }, 'provider not configured');
  throw new DomainError('provider_not_configured', { params: { provider: 'apple_music' } });
}

async function isOwn(em: EntityManager, userId: string, id: string): Promise<boolean> {
  return (await findConnection(em, { userId, id }))?.provider === 'apple_music';
}

/** What is wrong with the person's side is told in words of its own; the rest is a provider's failure like any other. */
async function ask<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (error.details.code === 'music_token_rejected') throw new DomainError('music_token_rejected');
    if (error.details.code === 'subscription_missing') throw new DomainError('subscription_missing');
    throw error;
  }
}

type Kept = Extract<SavedConsent, { outcome: 'made' | 'renewed' | 'unchanged' }>;

/** Throwing ends the transaction. */
function requireSaved(saved: SavedConsent): Kept {
  if (saved.outcome === 'not_found') throw new DomainError('not_found');
  if (saved.outcome === 'of_another') throw new DomainError('connection_belongs_to_another');
  if (saved.outcome !== 'exists') return saved;
  const { connectionId: id } = saved;
  throw new DomainError('already_connected', {
    resource: { type: 'connection', id, href: connectionHref(id) },
    action: { code: 'reconnect', href: reconnectPath({ provider: 'apple_music', id }) },
  });
}

export const appleMusicRoutes = [developerToken, connect];
