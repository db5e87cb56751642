import {
  allowInsecureRequests,
  customFetch,
  expectNoNonce,
  getValidatedIdTokenClaims,
  KEY_SELECTION,
  OperationProcessingError,
  processAuthorizationCodeResponse,
  processRefreshTokenResponse,
  validateApplicationLevelSignature,
  type AuthorizationServer,
  type IDToken,
  type TokenEndpointResponse,
} from 'oauth4webapi';
import { DomainError, ProviderError } from '../../domain/errors';
import { cleanName } from '../../domain/person-name';
import type { TokenAnswer } from './ask-once';
import { fetchKeySet } from './key-set';
import type { OauthProvider, VerifiedIdentity } from './oauth-provider';
import { parseObject } from './parse-object';

/**
 * What an answer of a token endpoint means: `code_rejected` the code or refresh token is not taken, for good ·
 * `unreadable` a success without tokens in it: the code is probably spent · `server_error` it may have been processed ·
 * `misconfigured` our client id, secret or redirect address is refused, a matter for the operator · `account_refused` the
 * provider lets this account sign in nowhere before its owner has done something there.
 */
export type AnswerKind = 'ok' | 'code_rejected' | 'unreadable' | 'server_error' | 'misconfigured' | 'account_refused';

/**
 * What error codes mean, whatever the HTTP status is: GitHub sends its own with 200 (docs.github.com, "Troubleshooting OAuth
 * app access token request errors"). Any other code is a matter for the operator.
 */
const errorKinds: Partial<Record<string, AnswerKind>> = {
  invalid_grant: 'code_rejected',
  bad_verification_code: 'code_rejected',
  bad_refresh_token: 'code_rejected',
  server_error: 'server_error',
  temporarily_unavailable: 'server_error',
  unverified_user_email: 'account_refused',
};

/** What a person's consent gave. */
export interface VerifiedTokens {
  accessToken: string;
  refreshToken: string | null;
  expiresInSeconds: number | null;
  scopes: string[];
  /** Who it is by the id_token; null where the provider sends none. */
  idToken: VerifiedIdentity | null;
}

/** Classifies an answer by its status and its `error` code alone. */
export function classifyAnswer(_provider: OauthProvider, answer: TokenAnswer): AnswerKind {
  const { status } = answer;
  if (status === 408 || status === 429 || status >= 500) return 'server_error';
  const body = parseObject(answer.text);
  const error = typeof body?.error === 'string' ? body.error : null;
  if (error !== null) return errorKinds[error] ?? 'misconfigured';
  if (status < 200 || status > 299) return 'misconfigured';
  return typeof body?.access_token === 'string' && typeof body.token_type === 'string' ? 'ok' : 'unreadable';
}

/**
 * Checks the stored answer of a code exchange; can be repeated. Throws DomainError `identity_invalid` where the answer or
 * its id_token does not hold, ProviderError `unavailable` where the provider's keys cannot be fetched now.
 */
export async function verifyTokens(
  provider: OauthProvider,
  flow: { nonce: string | null },
  answer: TokenAnswer,
  signal?: AbortSignal,
): Promise<VerifiedTokens> {
  const as = issuerOf(provider, answer);
  const response = rebuild(answer);
  const tokens = await orInvalid(() =>
    processAuthorizationCodeResponse(as, provider.client, response, {
      expectedNonce: flow.nonce ?? expectNoNonce,
      requireIdToken: provider.idToken,
    }),
  );
  return verified(provider, as, response, tokens, signal);
}

/** Checks the answer to a refresh. Throws as verifyTokens does. */
export async function verifyRefresh(
  provider: OauthProvider,
  answer: TokenAnswer,
  signal?: AbortSignal,
): Promise<VerifiedTokens> {
  const as = issuerOf(provider, answer);
  const response = rebuild(answer);
  const tokens = await orInvalid(() => processRefreshTokenResponse(as, provider.client, response));
  return verified(provider, as, response, tokens, signal);
}

async function verified(
  provider: OauthProvider,
  as: AuthorizationServer,
  response: Response,
  tokens: TokenEndpointResponse,
  signal?: AbortSignal,
): Promise<VerifiedTokens> {
  const claims = provider.idToken ? getValidatedIdTokenClaims(tokens) : undefined;
  if (claims) await verifySignature(provider, as, response, signal);
  return {
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token ?? null,
    expiresInSeconds: tokens.expires_in ?? null,
    scopes: tokens.scope === undefined ? [...provider.scopes] : tokens.scope.split(/[\s,]+/).filter(Boolean),
    idToken: claims ? identityOf(claims) : null,
  };
}

/** The library leaves the signature alone unless told: TLS may vouch for it. We check it. */
async function verifySignature(
  provider: OauthProvider,
  as: AuthorizationServer,
  response: Response,
  signal?: AbortSignal,
): Promise<void> {
  const timeout = AbortSignal.timeout(provider.timeoutSeconds * 1000);
  try {
    await validateApplicationLevelSignature(as, response, {
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      [allowInsecureRequests]: provider.allowInsecure,
      [customFetch]: fetchKeySet,
    });
  } catch (error) {
    if (error instanceof ProviderError) throw error;
    // A key that was rotated in seconds ago is there at the next look.
    if (error instanceof OperationProcessingError && error.code === KEY_SELECTION)
      throw new ProviderError('unavailable', { code: 'signing_key_unknown' });
    throw new DomainError('identity_invalid');
  }
}

function identityOf(claims: IDToken): VerifiedIdentity {
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
  // Apple sends the strings, or the booleans.
  const yes = (value: unknown) => value === true || value === 'true';
  const email = text(claims.email);
  const subject = text(claims.sub);
  // Everybody whose id is empty would be one person.
  if (subject === null) throw new DomainError('identity_invalid');
  return {
    subject,
    email,
    emailVerified: email !== null && yes(claims.email_verified),
    emailPrivate: yes(claims.is_private_email),
    name: cleanName(text(claims.name)),
  };
}

/** Chooses among a provider's own issuers by the unverified claim; the library then compares it with the chosen one. */
function issuerOf(provider: OauthProvider, answer: TokenAnswer): AuthorizationServer {
  if (!provider.formerAs) return provider.as;
  const idToken = parseObject(answer.text)?.id_token;
  const payload = typeof idToken === 'string' ? idToken.split('.')[1] : undefined;
  const claims = payload ? parseObject(Buffer.from(payload, 'base64url').toString('utf8')) : null;
  return claims?.iss === provider.formerAs.issuer ? provider.formerAs : provider.as;
}

function rebuild(answer: TokenAnswer): Response {
  if (answer.status !== 200) throw new DomainError('identity_invalid');
  return new Response(answer.text, { status: answer.status, headers: { 'content-type': 'application/json' } });
}

/** The library's errors carry the body and the claims, so they end here. */
async function orInvalid<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch {
    throw new DomainError('identity_invalid');
  }
}
