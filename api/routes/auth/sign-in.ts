import { z } from 'zod';
import { DomainError } from '../../../domain/errors';
import { requireNotSuspended } from '../../middleware/authorize';
import { defineRoute } from '../../route';
import { finishFlow } from '../../sign-in/callback';
import { answerEnding, flowResultSchema } from '../../sign-in/ending';
import { requireOwnPage } from '../../sign-in/own-page';
import { takePostedCallback } from '../../sign-in/posted-callback';
import { callbackUrl, flowProviderIds, flowProviders, startUrl } from '../../sign-in/providers';
import { allowedReturnTo } from '../../sign-in/return-to';
import { beginFlow } from '../../sign-in/start';
import { callbackForm, callbackQuery, providersSchema, returnToQuery } from './schema';

const signInProviders = flowProviderIds.filter((id) => flowProviders[id].kind === 'sign-in');
const providerParams = z.object({ provider: z.enum(['google', 'apple', 'github']) });
const callbackDescription =
  'A browser lands at `returnTo`; a program that asks for JSON gets the result, or a problem with the flow’s code.';

const listProviders = defineRoute({
  method: 'get',
  path: '/auth/providers',
  summary: 'Ways to sign in here',
  tags: ['Sign-in'],
  permission: 'anyone',
  responses: { 200: providersSchema },
  handler: ({ deps: { config } }) => {
    const items = signInProviders.map((id) => {
      const { name, grant } = flowProviders[id];
      const configured = grant(config) !== null;
      return { id, name, configured, startUrl: startUrl(config, id), redirectUri: callbackUrl(config, id) };
    });
    return Promise.resolve({ status: 200, body: { items } });
  },
});

const start = defineRoute({
  method: 'get',
  path: '/auth/{provider}/start',
  summary: 'Go and sign in',
  description:
    'Open it in a browser. It ends at `returnTo` with `?result=ok` or `?error=CODE`. With `purpose=link` it adds a way to sign in to whoever is signed in by a session; a token is not enough for that.',
  tags: ['Sign-in'],
  permission: 'anyone',
  limit: 'signIn',
  params: providerParams,
  query: returnToQuery.extend({ purpose: z.enum(['sign-in', 'link']).default('sign-in') }),
  responses: { 302: null },
  handler: async ({ params, query, user, ctx, deps }) => {
    const linking = query.purpose === 'link';
    // A token has scopes and an end; a way to sign in has neither, so none is made with one.
    if (linking && user?.via !== 'session') throw new DomainError('unauthenticated');
    if (linking) {
      requireOwnPage(ctx, deps.config.webOrigins);
      await requireNotSuspended(ctx, deps);
    }
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
  description: callbackDescription,
  tags: ['Sign-in'],
  permission: 'anyone',
  limit: 'callback',
  params: providerParams,
  query: callbackQuery,
  responses: { 200: flowResultSchema, 303: null },
  handler: async ({ params: { provider }, query, user, ctx, deps }) =>
    answerEnding(ctx, deps.config, provider, await finishFlow({ ctx, deps, provider, caller: user, query })),
});

const postedCallback = defineRoute({
  method: 'post',
  path: '/auth/{provider}/callback',
  summary: 'Where Apple’s page posts its answer to',
  description: 'It goes on to the same address by GET, where the browser’s session comes along.',
  tags: ['Sign-in'],
  permission: 'anyone',
  limit: 'callback',
  params: z.object({ provider: z.enum(['apple']) }),
  body: callbackForm,
  form: true,
  responses: { 200: flowResultSchema, 303: null },
  handler: async ({ params: { provider }, body, ctx, deps }) =>
    answerEnding(ctx, deps.config, provider, await takePostedCallback({ ctx, deps, provider }, body)),
});

export const signInRoutes = [listProviders, start, callback, postedCallback];
