/** Bytes of which each is uniform and independent: in production the crypto generator's. */
export type RandomBytes = (count: number) => Uint8Array;

/** A positive fraction of whole numbers. */
export interface Fraction {
  numerator: number;
  denominator: number;
}

/** Draws noise that makes a count of sensitivity 1 ε-differentially private. */
export type Noise = (epsilon: Fraction) => number;

/**
 * A whole number z with probability (1 - p) / (1 + p) · p^|z|, p = e^-ε: the discrete Laplace distribution of scale 1/ε, exactly, for it
 * is drawn with whole numbers only (Canonne, Kamath, Steinke, "The Discrete Gaussian for Differential Privacy", 2020, algorithms 1 and 2).
 * How long it takes depends on what is drawn.
 */
export function discreteLaplace({ numerator, denominator }: Fraction, random: RandomBytes): number {
  for (;;) {
    const rest = uniformBelow(denominator, random);
    if (!chanceOfExp(rest, denominator, random)) continue;
    let whole = 0;
    while (chanceOfExp(1, 1, random)) whole += 1;
    const size = Math.floor((rest + denominator * whole) / numerator);
    const negative = uniformBelow(2, random) === 1;
    if (negative && size === 0) continue;
    return negative ? -size : size;
  }
}

/** True with probability e^-(numerator / denominator), which is at most 1. */
function chanceOfExp(numerator: number, denominator: number, random: RandomBytes): boolean {
  let k = 1;
  while (uniformBelow(denominator * k, random) < numerator) k += 1;
  return k % 2 === 1;
}

/** A whole number from 0 to below `limit`, each as likely; `limit` is at most 2^48. */
export function uniformBelow(limit: number, random: RandomBytes): number {
  let bytes = 0;
  let reach = 1;
  while (reach < limit) {
    bytes += 1;
    reach *= 256;
  }
  const fair = reach - (reach % limit);
  for (;;) {
    const drawn = random(bytes).reduce((value, byte) => value * 256 + byte, 0);
    if (drawn < fair) return drawn % limit;
  }
}
