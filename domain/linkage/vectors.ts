/** What is wrong with a vector that was to be stored or searched with. */
export type VectorFault = 'vector_empty' | 'vector_wrong_dimensions' | 'vector_not_finite';

/** A vector that no table takes. Says nothing of what it was made from. */
export class VectorError extends Error {
  override readonly name = 'VectorError';
  constructor(readonly code: VectorFault) {
    super(code);
  }
}

/** Throws VectorError unless the vector has that many finite numbers, not all of them 0: nothing is near to nothing. */
export function checkVector(vector: ArrayLike<number>, dimensions: number): void {
  if (vector.length === 0) throw new VectorError('vector_empty');
  if (vector.length !== dimensions) throw new VectorError('vector_wrong_dimensions');
  let anything = false;
  for (let at = 0; at < vector.length; at += 1) {
    const value = vector[at] ?? Number.NaN;
    if (!Number.isFinite(value)) throw new VectorError('vector_not_finite');
    anything ||= value !== 0;
  }
  if (!anything) throw new VectorError('vector_empty');
}

/** The cosine of two vectors of length 1; 0 where one of them is null. */
export function cosine(one: Float32Array | null, other: Float32Array | null): number {
  if (!one || !other) return 0;
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += (one[at] ?? 0) * (other[at] ?? 0);
  return sum;
}
