import { createECDH, createHash, createPrivateKey } from 'node:crypto';

/**
 * Our key at the sandbox's Apple, the same in every process and worth nothing anywhere else: it is made from a word, so that
 * no key lies about in files.
 */
export function sandboxAppleKey(): { teamId: string; keyId: string; privateKey: string } {
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(createHash('sha256').update('the key of the sandbox').digest());
  const point = pair.getPublicKey();
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    d: pair.getPrivateKey().toString('base64url'),
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  };
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' }).toString();
  return { teamId: 'SANDBOXTEAM', keyId: 'SANDBOXKEY', privateKey };
}
