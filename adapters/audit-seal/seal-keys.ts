import { createHmac } from 'node:crypto';
import type { Mac } from '../../domain/audit-chain';

export interface SealKey {
  kid: string;
  /** 32 bytes. */
  key: Uint8Array;
}

export interface SealKeys {
  /** The key that seals. */
  readonly newest: string;
  /** HMAC-SHA256 in base64url; null under a key that is not in the ring. */
  mac: Mac;
}

/** A key ring for sealing the audit: the first key seals, all of them check. */
export function createSealKeys(keys: readonly SealKey[]): SealKeys {
  const [newest] = keys;
  if (!newest) throw new Error('Sealing needs at least one key.');
  const ring = new Map(keys.map(({ kid, key }) => [kid, key]));
  return {
    newest: newest.kid,
    mac(keyId, text) {
      const key = ring.get(keyId);
      return key ? createHmac('sha256', key).update(text).digest('base64url') : null;
    },
  };
}
