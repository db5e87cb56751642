export const nameDimensions = 384;

const [shortest, longest] = [2, 4];

/**
 * A text as a vector of length 1 whose cosine with another says how many of their runs of two to four letters they share.
 * Each run is hashed to one of 384 places, with a sign, so that runs that meet by chance cancel out on average. Null for
 * a text without letters.
 * @param key a text as `nameKey` leaves it
 */
export function nameVector(key: string): Float32Array | null {
  if (key.trim() === '') return null;
  const vector = new Float32Array(nameDimensions);
  const text = ` ${key} `;
  for (let start = 0; start < text.length; start += 1) {
    let hash = 0x811c9dc5;
    for (let length = 1; length <= longest && start + length <= text.length; length += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(start + length - 1), 0x01000193) >>> 0;
      if (length >= shortest) add(vector, scattered(hash));
    }
  }
  const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return norm === 0 ? null : vector.map((value) => value / norm);
}

function add(vector: Float32Array, hash: number): void {
  const place = (hash >>> 1) % nameDimensions;
  vector[place] = (vector[place] ?? 0) + (hash & 1 ? 1 : -1);
}

/** Spreads a hash of few letters over all bits (the last step of MurmurHash3). */
function scattered(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
