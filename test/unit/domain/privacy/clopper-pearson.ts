/** Sums of logarithms: `logFactorial[n]` is ln n!. */
function logFactorials(most: number): number[] {
  const logs = [0];
  for (let n = 1; n <= most; n += 1) logs.push((logs[n - 1] ?? 0) + Math.log(n));
  return logs;
}

/** Between which rates what was seen is no rarer than one in two thousand, on each side: the exact interval of Clopper and Pearson. */
export function clopperPearson(successes: number, trials: number): { low: number; high: number } {
  const logs = logFactorials(trials);
  const choose = (k: number) => (logs[trials] ?? 0) - (logs[k] ?? 0) - (logs[trials - k] ?? 0);
  const atLeast = (k: number, rate: number) => {
    let sum = 0;
    for (let n = k; n <= trials; n += 1)
      sum += Math.exp(choose(n) + n * Math.log(rate) + (trials - n) * Math.log1p(-rate));
    return sum;
  };
  const rare = 1 / 2_000;
  const where = (rarer: (rate: number) => boolean) => {
    let [below, above] = [1e-12, 1 - 1e-12];
    for (let n = 0; n < 50; n += 1) {
      const middle = (below + above) / 2;
      if (rarer(middle)) below = middle;
      else above = middle;
    }
    return (below + above) / 2;
  };
  return {
    low: successes === 0 ? 0 : where((rate) => atLeast(successes, rate) < rare),
    high: successes === trials ? 1 : where((rate) => 1 - atLeast(successes + 1, rate) > rare),
  };
}
