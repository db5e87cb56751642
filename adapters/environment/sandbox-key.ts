import { createECDH, createHash, createPrivateKey } from 'node:crypto';

/** A P-256 private key in PEM that is made from a word, so that no key lies about in files; worth nothing outside the sandbox. */
export function sandboxKey(word: string): string {
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(createHash('sha256').update(word).digest());
  const point = pair.getPublicKey();
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    d: pair.getPrivateKey().toString('base64url'),
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  };
  return createPrivateKey({ key: jwk, format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' }).toString();
}
