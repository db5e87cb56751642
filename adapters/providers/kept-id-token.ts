import { createLocalJWKSet, decodeJwt, jwtVerify, type JSONWebKeySet } from 'jose';
import { withTimeout } from './ask-once';
import { fetchKeySet } from './key-set';
import type { OauthProvider } from './oauth-provider';

/** The stable id that an id_token claims, unchecked; null where it can't be read. */
export function claimedSubject(idToken: string): string | null {
  try {
    return decodeJwt(idToken).sub ?? null;
  } catch {
    return null;
  }
}

/**
 * Whether an id_token from an earlier callback was the provider's word on this person, in that flow. Its end doesn't matter: it
 * vouches for what came with it, not for who is here now. Throws ProviderError where the keys cannot be fetched.
 */
export async function vouchedFor(
  provider: OauthProvider,
  idToken: string,
  { subject, nonce }: { subject: string; nonce: string },
  signal?: AbortSignal,
): Promise<boolean> {
  const address = provider.as.jwks_uri;
  if (!address) return false;
  const keys = await fetchKeySet(address, { headers: {}, signal: withTimeout(provider.timeoutSeconds, signal) });
  try {
    const { payload } = await jwtVerify(idToken, createLocalJWKSet((await keys.json()) as JSONWebKeySet), {
      algorithms: ['RS256'],
      issuer: provider.as.issuer,
      audience: provider.clientId,
      currentDate: new Date((decodeJwt(idToken).iat ?? 0) * 1000),
    });
    return payload.sub === subject && payload.nonce === nonce;
  } catch {
    return false;
  }
}
