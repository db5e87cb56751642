import { z } from 'zod';
import { ProviderError } from '../../../domain/errors';
import { cleanName } from '../../../domain/person-name';
import { askOnce, withTimeout } from '../ask-once';
import type { FetchIdentity } from '../oauth-provider';
import { apiHeaders } from './api';

const user = z.object({
  // Numeric and stable; `login` can be given up and taken by somebody else.
  id: z.int().positive(),
  login: z.string(),
  name: z.string().nullish(),
});
const emails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));

/** Scopes any of which lets the addresses be read; a GitHub App's token names none and has permissions instead. */
const emailScopes = ['user', 'user:email'];

/**
 * Who an access token belongs to, by `GET /user` and `GET /user/emails`. The one address that counts is the primary, verified
 * one. People may take scopes away on the consent page: then there is no address. Throws ProviderError.
 */
export function githubIdentity(apiUrl: string, timeoutSeconds: number): FetchIdentity {
  async function read<T>(
    { endpoint, path }: { endpoint: string; path: string },
    shape: z.ZodType<T>,
    token: string,
    signal?: AbortSignal,
  ): Promise<T> {
    const attempt = await askOnce({ provider: 'github', endpoint }, () =>
      fetch(`${apiUrl}${path}`, {
        headers: { ...apiHeaders, authorization: `Bearer ${token}` },
        redirect: 'manual',
        signal: withTimeout(timeoutSeconds, signal),
      }),
    );
    if (attempt.kind === 'rate_limited')
      throw new ProviderError('rate_limited', { retryAfterSeconds: attempt.retryAfterSeconds });
    if (attempt.kind === 'misconfigured') throw new ProviderError('invalid');
    if (attempt.kind !== 'answered') throw new ProviderError('unavailable');
    const { status, text } = attempt;
    if (status === 200) return parsed(text, shape);
    if (status === 401) throw new ProviderError('unauthorized', { status });
    if (status === 403) throw new ProviderError('forbidden', { status });
    if (status === 404) throw new ProviderError('not_found', { status });
    throw new ProviderError(status === 408 || status >= 500 ? 'unavailable' : 'invalid', { status });
  }

  async function address(token: string, scopes: string[], signal?: AbortSignal): Promise<string | null> {
    if (scopes.length > 0 && !scopes.some((scope) => emailScopes.includes(scope))) return null;
    try {
      // A person has few addresses; the first hundred hold the primary one.
      const list = await read({ endpoint: 'user_emails', path: '/user/emails?per_page=100' }, emails, token, signal);
      return list.find(({ primary, verified }) => primary && verified)?.email ?? null;
    } catch (error) {
      const withheld = error instanceof ProviderError && ['forbidden', 'not_found'].includes(error.failure);
      if (withheld && scopes.length === 0) return null;
      throw error;
    }
  }

  return async ({ accessToken, scopes }, signal) => {
    const { id, login, name } = await read({ endpoint: 'user', path: '/user' }, user, accessToken, signal);
    const email = await address(accessToken, scopes, signal);
    const isRelay = email?.toLowerCase().endsWith('@users.noreply.github.com') ?? false;
    return {
      subject: String(id),
      email,
      emailVerified: email !== null,
      emailPrivate: isRelay,
      name: cleanName(name ?? null) ?? cleanName(login),
    };
  };
}

/** A page where JSON was expected comes from something in between: it is gone in a moment. */
function parsed<T>(text: string, shape: z.ZodType<T>): T {
  try {
    return shape.parse(JSON.parse(text));
  } catch {
    throw new ProviderError('unavailable', { code: 'unreadable_answer' });
  }
}
