import { z } from 'zod';
import { DomainError } from '../../../domain/errors';
import { defineRoute } from '../../route';
import { finishFlow } from '../../sign-in/callback';
import { callbackUrl, flowProviders, type FlowProviderId } from '../../sign-in/providers';
import { allowedReturnTo } from '../../sign-in/return-to';
import { beginFlow } from '../../sign-in/start';
import { callbackQuery, providersSchema, returnToQuery } from './schema';

const signInProviders = (Object.keys(flowProviders) as FlowProviderId[]).filter(
  (id) => flowProviders[id].kind === 'sign-in',
);
const providerParams = z.object({ provider: z.enum(['google']) });

const listProviders = defineRoute({
  method: 'get',
  path: '/auth/providers',
  summary: 'Ways to sign in here',
  tags: ['Sign-in'],
  permission: 'anyone',
  responses: { 200: providersSchema },
  handler: ({ deps: { config } }) => {
    const items = signInProviders.map((id) => {
      const { name, base, grant } = flowProviders[id];
      const startUrl = `${config.apiUrl}/api/v1${base}/start`;
      return { id, name, configured: grant(config) !== null, startUrl, redirectUri: callbackUrl(config, id) };
    });
    return Promise.resolve({ status: 200, body: { items } });
  },
});

const start = defineRoute({
  method: 'get',
  path: '/auth/{provider}/start',
  summary: 'Go and sign in',
  description: 'Open it in a browser. It ends at `returnTo` with `?result=ok` or `?error=CODE`.',
  tags: ['Sign-in'],
  permission: 'anyone',
  limit: 'signIn',
  params: providerParams,
  query: returnToQuery.extend({ purpose: z.enum(['sign-in', 'link']).default('sign-in') }),
  responses: { 302: null },
  handler: async ({ params, query, user, ctx, deps }) => {
    const linking = query.purpose === 'link';
    if (linking && !user) throw new DomainError('unauthenticated');
    const location = await beginFlow(ctx, deps, {
      provider: params.provider,
      purpose: linking ? 'link' : 'sign_in',
      userId: linking && user ? user.userId : null,
      connectionId: null,
      returnTo: allowedReturnTo(query.returnTo, deps.config),
      restarts: 0,
    });
    return { status: 302, headers: { Location: location } };
  },
});

const callback = defineRoute({
  method: 'get',
  path: '/auth/{provider}/callback',
  summary: 'Where the provider sends the browser back to',
  tags: ['Sign-in'],
  permission: 'anyone',
  limit: 'callback',
  params: providerParams,
  query: callbackQuery,
  responses: { 303: null },
  handler: async ({ params, query, user, ctx, deps }) => {
    const location = await finishFlow({ ctx, deps, provider: params.provider, caller: user, query });
    return { status: 303, headers: { Location: location } };
  },
});

export const signInRoutes = [listProviders, start, callback];
