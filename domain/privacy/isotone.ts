/** The numbers that never fall and are nearest to those given (least squares), by pooling neighbours that do. */
export function isotone(values: readonly number[]): number[] {
  const pools: { sum: number; size: number }[] = [];
  for (const value of values) {
    let pool = { sum: value, size: 1 };
    for (let last = pools.at(-1); last && last.sum / last.size > pool.sum / pool.size; last = pools.at(-1)) {
      pools.pop();
      pool = { sum: pool.sum + last.sum, size: pool.size + last.size };
    }
    pools.push(pool);
  }
  return pools.flatMap(({ sum, size }) => Array.from({ length: size }, () => sum / size));
}

/**
 * Shares of a whole (thousandths, that add up to a thousand) from noised counts of its classes: how many there are up to each class is made to never
 * fall, nor to lie below nought. The counts add up to more than nought.
 */
export function sharesOf(counts: readonly number[]): number[] {
  let sum = 0;
  const upTo = isotone(counts.map((count) => (sum += count))).map((value) => Math.max(0, value));
  const all = upTo.at(-1) ?? 0;
  const rounded = upTo.map((value) => Math.round((1_000 * value) / all));
  return rounded.map((value, place) => value - (rounded[place - 1] ?? 0));
}
