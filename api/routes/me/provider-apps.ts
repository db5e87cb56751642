import { z } from 'zod';
import {
  bringProviderApp,
  connectionsOfOwnApps,
  ownProviderApp,
  removeProviderApp,
} from '../../../adapters/postgres/provider-apps';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { isOwnClientId, ownQuota } from '../../../adapters/providers/spotify/apps';
import type { Config } from '../../../adapters/environment/config';
import { DomainError } from '../../../domain/errors';
import { defineRoute } from '../../route';
import { callbackUrl } from '../../sign-in/providers';
import { moment } from '../auth/schema';

const provider = 'spotify';

const providerAppSchema = z
  .object({
    provider: z.literal(provider),
    clientId: z.string().nullable().meta({ description: 'Null where the operator’s apps are used.' }),
    quota: z
      .string()
      .nullable()
      .meta({ description: '`own:` and the client id: calls through it wait for nobody else’s.' }),
    createdAt: moment.nullable(),
    redirectUri: z.string().meta({ description: 'Register exactly this among the app’s redirect URIs at Spotify.' }),
    connections: z.int().meta({ description: 'Connections that use an app of yours, a replaced one included.' }),
  })
  .meta({ id: 'ProviderApp' });

async function present(em: EntityManager, config: Config, userId: string): Promise<z.input<typeof providerAppSchema>> {
  const app = await ownProviderApp(em, { userId, provider });
  return {
    provider,
    clientId: app?.clientId ?? null,
    quota: app && ownQuota(app.clientId),
    createdAt: app?.createdAt.toISOString() ?? null,
    redirectUri: callbackUrl(config, provider),
    connections: await connectionsOfOwnApps(em, { userId, provider }),
  };
}

const read = defineRoute({
  method: 'get',
  path: '/me/provider-apps/spotify',
  summary: 'Your own Spotify app',
  tags: ['Me'],
  permission: 'user',
  responses: { 200: providerAppSchema },
  handler: async ({ user, em, deps }) => ({ status: 200, body: await present(em, deps.config, user.userId) }),
});

const bring = defineRoute({
  method: 'put',
  path: '/me/provider-apps/spotify',
  summary: 'Use a Spotify app of your own',
  description:
    'Make an app at developer.spotify.com with `redirectUri` among its redirect URIs, register the accounts that are to use it, and give its client id. There is no secret: it shows itself by PKCE. What you connect or renew from then on goes through it, with a quota of its own; connections that exist stay with their app until you renew them.',
  tags: ['Me'],
  permission: 'user',
  body: z.object({ clientId: z.string().min(1).max(64).meta({ description: '32 hexadecimal digits.' }) }),
  responses: { 200: providerAppSchema },
  handler: async ({ user, body: { clientId }, em, ctx, deps }) => {
    const { spotify } = deps.config;
    if (!spotify) throw new DomainError('provider_not_configured', { params: { provider } });
    if (!isOwnClientId(clientId, spotify)) throw refusedClientId('invalid', 'must be 32 hexadecimal digits');
    if (spotify.apps.some((app) => app.clientId === clientId))
      throw refusedClientId('not_own', 'is an app of this installation’s operator');
    const { requestId } = ctx.state;
    await em.transactional((tx) => bringProviderApp(tx, { userId: user.userId, provider, clientId, requestId }));
    return { status: 200, body: await present(em, deps.config, user.userId) };
  },
});

const refusedClientId = (code: string, message: string) =>
  new DomainError('invalid_request', { errors: [{ path: 'clientId', code, message }] });

const remove = defineRoute({
  method: 'delete',
  path: '/me/provider-apps/spotify',
  summary: 'Use the operator’s Spotify apps again',
  description:
    'What you connect or renew from then on goes through the operator’s apps. Connections that use your app go on with it until you renew them: `connections` says how many. Leave the app at Spotify until then.',
  tags: ['Me'],
  permission: 'user',
  responses: { 200: providerAppSchema },
  handler: async ({ user, em, ctx, deps }) => {
    const { requestId } = ctx.state;
    const removed = await em.transactional((tx) => removeProviderApp(tx, { userId: user.userId, provider, requestId }));
    if (!removed) throw new DomainError('not_found');
    return { status: 200, body: await present(em, deps.config, user.userId) };
  },
});

export const providerAppRoutes = [read, bring, remove];
