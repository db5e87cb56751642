import { CompactEncrypt, compactDecrypt, decodeProtectedHeader, type CompactJWEHeaderParameters } from 'jose';

/** Whose secret it is and what for; both are part of what is encrypted under, so that rows cannot be swapped. */
export interface SealContext {
  /** The id of the connection, identity, flow, kept name or webhook. */
  sub: string;
  use: 'access' | 'refresh' | 'flow' | 'callback' | 'answer' | 'name' | 'webhook' | 'formerWebhook';
}

export interface VaultKey {
  kid: string;
  /** 32 bytes. */
  key: Uint8Array;
}

export interface Vault {
  /** Ids of the keys that it opens with, the one that it seals with first. */
  readonly keyIds: readonly [newest: string, ...older: string[]];
  /** Encrypts with the newest key. */
  seal(plaintext: string, context: SealContext): Promise<{ jwe: string; kid: string }>;
  /** Throws VaultError where the key is not ours, the text was changed, or it was sealed for something else. */
  open(jwe: string, context: SealContext): Promise<string>;
}

/** Something sealed that cannot be opened. Says nothing about its content. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
  readonly code = 'decrypt_failed';
  constructor() {
    super('decrypt_failed');
  }
}

/**
 * A vault over a key ring, newest key first: JWE compact, `dir` with A256GCM, `kid`, `sub` and `use` in the header.
 * `onDecryptFailure` is told each time that something sealed could not be opened.
 */
export function createVault(
  keys: readonly VaultKey[],
  { onDecryptFailure }: { onDecryptFailure?: (use: SealContext['use']) => void } = {},
): Vault {
  const [newest, ...older] = keys;
  if (!newest) throw new Error('A vault needs at least one key.');
  const ring = new Map(keys.map(({ kid, key }) => [kid, key]));

  return {
    keyIds: [newest.kid, ...older.map(({ kid }) => kid)],

    async seal(plaintext, { sub, use }) {
      const jwe = await new CompactEncrypt(new TextEncoder().encode(plaintext))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: newest.kid, sub, use })
        .encrypt(newest.key);
      return { jwe, kid: newest.kid };
    },

    async open(jwe, { sub, use }) {
      try {
        const key = ring.get(String(decodeProtectedHeader(jwe).kid));
        if (!key) throw new VaultError();
        const { plaintext, protectedHeader } = await compactDecrypt(jwe, key, {
          keyManagementAlgorithms: ['dir'],
          contentEncryptionAlgorithms: ['A256GCM'],
        });
        const header: CompactJWEHeaderParameters & { sub?: unknown; use?: unknown } = protectedHeader;
        if (header.sub !== sub || header.use !== use) throw new VaultError();
        return new TextDecoder().decode(plaintext);
      } catch {
        onDecryptFailure?.(use);
        throw new VaultError();
      }
    },
  };
}
