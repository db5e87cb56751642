import { createHash, randomBytes } from 'node:crypto';

/** A new secret of 256 bits, for handing out once. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** What is kept of a secret. It has 256 random bits, so a plain SHA-256 can't be turned around. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');
