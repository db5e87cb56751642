import { createPublicKey } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { sandboxAppleKey } from '../../../adapters/environment/sandbox-apple-key';
import { isKnownClient } from './clients';

/** Apple takes a client secret that ends at most six months ahead. */
const longestLifeSeconds = 15_777_000;

/**
 * Checks Apple's kind of client secret: a JWT that the client's team signed with the key it registered (ES256), whose
 * `iss` is the team, `sub` the client and `aud` the service.
 *
 * @returns null where everything fits, or what does not
 */
export async function faultOfClientSecret(secret: string, clientId: string, issuer: string): Promise<string | null> {
  if (!isKnownClient('apple', clientId)) return 'The client is unknown.';
  const { teamId, keyId, privateKey } = sandboxAppleKey();
  try {
    if (decodeProtectedHeader(secret).kid !== keyId) return 'The key id is not one of the team.';
    const { payload } = await jwtVerify(secret, createPublicKey(privateKey), {
      algorithms: ['ES256'],
      issuer: teamId,
      subject: clientId,
      audience: issuer,
      requiredClaims: ['iat', 'exp'],
    });
    const ahead = (payload.exp ?? 0) - Date.now() / 1000;
    return ahead > longestLifeSeconds ? 'The client secret ends too far ahead.' : null;
  } catch (error) {
    return error instanceof Error ? error.message : 'The client secret is not a JWT.';
  }
}
