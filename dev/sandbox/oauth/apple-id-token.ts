import type { World } from '../conduct/world';
import { findPerson } from '../people/people';
import { appleEmail, appleSubject, appleTruth } from '../people/sign-in-accounts';
import type { Grant } from '../state/model';
import { halfHash, signIdToken } from './signing-key';

const lifeSeconds = 86_400;

/**
 * Signs an id_token as Apple does: no name, the address only where it was asked for, and truth values as texts for some.
 *
 * @param tied the nonce of the request, and the code where the token goes through the browser together with one
 */
export async function appleIdToken(
  world: World,
  issuer: string,
  grant: Grant,
  tied: { nonce: string | null; code?: string },
): Promise<string> {
  const person = findPerson(grant.userId);
  if (!person) throw new Error('a grant of nobody');
  const now = Math.floor(Date.now() / 1000);
  const { email, relayed } = appleEmail(person);
  const address = {
    email,
    email_verified: appleTruth(person, true),
    is_private_email: appleTruth(person, relayed),
  };
  const idToken = await signIdToken(world.state.signingKey, {
    iss: issuer,
    aud: grant.clientId,
    sub: appleSubject(person),
    ...(grant.scopes.includes('email') ? address : {}),
    ...(tied.code === undefined ? {} : { c_hash: halfHash(tied.code) }),
    ...(tied.nonce === null ? {} : { nonce: tied.nonce }),
    nonce_supported: true,
    auth_time: Math.floor(grant.consentedAt / 1000),
    iat: now,
    exp: now + lifeSeconds,
  });
  world.secrets.add(idToken);
  return idToken;
}
