import { createPrivateKey, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import type { ClientAuth } from 'oauth4webapi';
import type { Config } from '../../environment/config';

/** Seconds that a secret holds: as long as one request needs it. Apple allows six months. */
const LIFE_SECONDS = 300;

/**
 * Client authentication as Apple wants it: the secret in the body is a JWT, signed with our key and made for each request
 * (developer.apple.com, "Creating a client secret").
 */
export function appleClientAuth(settings: NonNullable<Config['apple']>): ClientAuth {
  let key: KeyObject | undefined;
  return async (_as, client, body) => {
    key ??= createPrivateKey(settings.privateKey);
    const now = Math.floor(Date.now() / 1000);
    const secret = await new SignJWT()
      .setProtectedHeader({ alg: 'ES256', kid: settings.keyId })
      .setIssuer(settings.teamId)
      .setIssuedAt(now)
      .setExpirationTime(now + LIFE_SECONDS)
      .setAudience(settings.issuer)
      .setSubject(client.client_id)
      .sign(key);
    body.set('client_id', client.client_id);
    body.set('client_secret', secret);
  };
}
