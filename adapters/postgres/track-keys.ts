import { createHash } from 'node:crypto';

/** Bytes of a key: enough that no two tracks of any catalog share one. */
const length = 8;

const keyOf = (uri: string): Buffer => createHash('sha256').update(uri).digest().subarray(0, length);

/** The keys of the tracks among these entries, each once, one after the other; what is unavailable has none. */
export function trackKeysOf(entries: readonly (readonly [uri: string | null, ...rest: unknown[]])[]): Buffer {
  const uris = new Set(entries.flatMap(([uri]) => uri ?? []));
  return Buffer.concat([...uris].map(keyOf));
}

/** Tracks that keys are looked through for. */
export class SoughtTracks {
  /** By the first half of their keys. */
  readonly #byHalf = new Map<number, { otherHalf: number; uri: string }[]>();

  constructor(uris: Iterable<string>) {
    for (const uri of new Set(uris)) {
      const key = keyOf(uri);
      const half = key.readUInt32LE(0);
      this.#byHalf.set(half, [...(this.#byHalf.get(half) ?? []), { otherHalf: key.readUInt32LE(4), uri }]);
    }
  }

  /** Those of the tracks whose keys are among these. */
  among(keys: Buffer): string[] {
    const found: string[] = [];
    for (let at = 0; at + length <= keys.length; at += length) {
      const candidates = this.#byHalf.get(keys.readUInt32LE(at));
      if (!candidates) continue;
      const otherHalf = keys.readUInt32LE(at + 4);
      for (const candidate of candidates) if (candidate.otherHalf === otherHalf) found.push(candidate.uri);
    }
    return found;
  }
}
