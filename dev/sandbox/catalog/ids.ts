import { createHash } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * A stable id of 22 base62 characters, the shape of Spotify's own, made from the parts that identify a thing.
 * The same parts give the same id on every machine.
 */
export function base62Id(...parts: string[]): string {
  let rest = BigInt(`0x${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}`);
  let id = '';
  for (let place = 0; place < 22; place += 1) {
    id += alphabet[Number(rest % 62n)];
    rest /= 62n;
  }
  return id;
}

/** A stable whole number below `limit`, made from a text: for invented details that must not change between runs. */
export function stableNumber(text: string, limit: number): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) % limit;
}
