/** Where genres stand to each other: related ones near, each a vector of length 1. */
export interface GenrePlaces {
  dimensions: number;
  /** Every genre has one: one that nothing is known of is far from all others. Null for an empty key. */
  placeOf(key: string): Float32Array | null;
}

/** A vector of length 1; null for one of zeros. */
export function unit(vector: Float32Array): Float32Array | null {
  let sum = 0;
  for (const value of vector) sum += value * value;
  if (!(sum > 0)) return null;
  const length = Math.sqrt(sum);
  return vector.map((value) => value / length);
}

export function addTo(sum: Float32Array, vector: Float32Array | null, weight: number): void {
  if (!vector) return;
  for (let at = 0; at < sum.length; at += 1) sum[at] = (sum[at] ?? 0) + weight * (vector[at] ?? 0);
}

/** Of length 1, and the same for the same text in any process; two texts' directions are nearly at right angles. */
export function randomDirection(text: string, dimensions: number): Float32Array {
  let state = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193) >>> 0;
  const size = 1 / Math.sqrt(dimensions);
  return Float32Array.from({ length: dimensions }, () => {
    // SplitMix32.
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) & 1 ? size : -size;
  });
}
