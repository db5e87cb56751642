import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, SignJWT, type JWTPayload } from 'jose';
import type { SandboxState } from '../state/model';

type SigningKey = SandboxState['signingKey'];

/** Makes the RS256 key pair that id_tokens are signed with. */
export async function makeSigningKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const publicJwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(publicJwk);
  return { kid, privateJwk: { ...(await exportJWK(privateKey)) }, publicJwk: { ...publicJwk } };
}

/** The key set as the service publishes it. */
export function publishedKeys(key: SigningKey): { keys: Record<string, unknown>[] } {
  return { keys: [{ ...key.publicJwk, kid: key.kid, alg: 'RS256', use: 'sig' }] };
}

/** The left half of a hash, as `at_hash` and `c_hash` tie a token or a code to an id_token. */
export function halfHash(text: string): string {
  return createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url');
}

/** Signs an id_token. */
export async function signIdToken(key: SigningKey, claims: JWTPayload): Promise<string> {
  const privateKey = await importJWK({ ...key.privateJwk, kty: 'RSA' }, 'RS256');
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: key.kid, typ: 'JWT' }).sign(privateKey);
}
