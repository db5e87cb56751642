import { discreteLaplace, type Fraction, uniformBelow } from '../../../../domain/privacy/discrete-laplace';
import { seededBytes } from './seeded-bytes';

/** How far the counts are from what the probabilities say, and how far they are once in a million times (Wilson and Hilferty). */
function chiSquare(counts: readonly number[], probabilities: readonly number[]): { statistic: number; limit: number } {
  const draws = counts.reduce((sum, count) => sum + count, 0);
  const statistic = counts.reduce((sum, count, n) => {
    const expected = draws * (probabilities[n] ?? 0);
    return sum + (count - expected) ** 2 / expected;
  }, 0);
  const free = counts.length - 1;
  const limit = free * (1 - 2 / (9 * free) + 4.753 * Math.sqrt(2 / (9 * free))) ** 3;
  return { statistic, limit };
}

/** Draws by value, those beyond `reach` in either direction together. */
function drawn(epsilon: Fraction, reach: number): number[] {
  const random = seededBytes(JSON.stringify(epsilon));
  const counts = Array.from({ length: 2 * reach + 1 }, () => 0);
  for (let n = 0; n < 60_000; n += 1) {
    const place = reach + Math.max(-reach, Math.min(reach, discreteLaplace(epsilon, random)));
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return counts;
}
function probabilities(epsilon: number, reach: number): number[] {
  const p = Math.exp(-epsilon);
  return Array.from({ length: 2 * reach + 1 }, (_, place) => {
    const size = Math.abs(place - reach);
    return size === reach ? p ** reach / (1 + p) : ((1 - p) / (1 + p)) * p ** size;
  });
}

test.each([
  { numerator: 1, denominator: 1, reach: 7 },
  { numerator: 1_000, denominator: 10_000, reach: 40 },
  { numerator: 750, denominator: 10_000, reach: 50 },
  { numerator: 7, denominator: 3, reach: 3 },
])('noise of ε = $numerator/$denominator is spread as it should be', ({ reach, ...fraction }) => {
  const counts = drawn(fraction, reach);
  const epsilon = fraction.numerator / fraction.denominator;
  const { statistic, limit } = chiSquare(counts, probabilities(epsilon, reach));
  expect(statistic).toBeLessThan(limit);
  // The same draws are not those of an ε a tenth larger or smaller.
  for (const other of [1.1 * epsilon, 0.9 * epsilon])
    expect(chiSquare(counts, probabilities(other, reach)).statistic).toBeGreaterThan(limit);
});

test.each([1, 2, 3, 10, 255, 256, 257])('each number below %i is as likely', (limit) => {
  const random = seededBytes(`below ${limit}`);
  const counts = Array.from({ length: limit }, () => 0);
  for (let n = 0; n < 200 * limit; n += 1) {
    const value = uniformBelow(limit, random);
    counts[value] = (counts[value] ?? 0) + 1;
  }
  expect(counts).toHaveLength(limit);
  if (limit === 1) return;
  const fair = chiSquare(
    counts,
    counts.map(() => 1 / limit),
  );
  expect(fair.statistic).toBeLessThan(fair.limit);
});

test('a byte that would make some numbers likelier than others is drawn anew', () => {
  const given = [255, 254, 7];
  expect(uniformBelow(127, () => Uint8Array.of(given.shift() ?? 0))).toBe(7);
  expect(given).toEqual([]);
});
