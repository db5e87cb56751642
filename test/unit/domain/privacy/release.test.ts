import fc from 'fast-check';
import { releaseOutcome } from '../../../../domain/privacy/budget';
import { comparativeRelease } from '../../../../domain/privacy/comparative-release';
import { classOf, classRange, comparedMetrics, noCounts, numberClasses } from '../../../../domain/privacy/comparison';
import { isotone, sharesOf } from '../../../../domain/privacy/isotone';
import { averageOf, marginsOf, percentileOf } from '../../../../domain/privacy/standing';
import { countsOf } from './people';

test('classes follow each other without a gap, and each number is in the one that names it', () => {
  for (const metric of comparedMetrics)
    for (const [place, first] of numberClasses[metric].from.entries()) {
      const { from, to } = classRange(metric, place);
      expect([from, classOf(metric, first), classOf(metric, to ?? 1e9)]).toEqual([first, place, place]);
      if (to !== null) expect(numberClasses[metric].from[place + 1]).toBe(to + 1);
    }
  expect(classOf('items_kept_out', -3)).toBe(0);
});

test('what never falls is left as it is, and what does is pooled with the least change', () => {
  expect(isotone([1, 2, 2, 5])).toEqual([1, 2, 2, 5]);
  expect(isotone([3, 1, 2, 10, 4])).toEqual([2, 2, 2, 7, 7]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 12 }), (values) => {
      const fitted = isotone(values);
      expect(fitted).toHaveLength(values.length);
      for (const [n, value] of fitted.entries()) expect(value).toBeGreaterThanOrEqual(fitted[n - 1] ?? -Infinity);
      const sum = (numbers: number[]) => numbers.reduce((total, n) => total + n, 0);
      expect(sum(fitted)).toBeCloseTo(sum(values));
    }),
  );
});

test('shares of noised counts are of a whole, and none is less than nothing', () => {
  expect(sharesOf([5, 0, 15])).toEqual([250, 0, 750]);
  expect(sharesOf([-5, 10, 15])).toEqual([0, 250, 750]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -30, max: 60 }), { minLength: 2, maxLength: 10 }), (counts) => {
      fc.pre(counts.reduce((sum, n) => sum + n, 0) >= 10);
      const shares = sharesOf(counts);
      expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
      expect(shares.reduce((sum, n) => sum + n, 0)).toBe(1_000);
    }),
  );
});

test('a number stands above those in lower classes and half of its own', () => {
  const shares = [500, 300, 200, 0, 0, 0, 0, 0, 0, 0];
  expect([0, 1, 2, 5, 900].map((own) => percentileOf('blocks', shares, own))).toEqual([25, 65, 65, 90, 100]);
  expect(averageOf('blocks', shares)).toBe(1.3);
  expect(averageOf('blocks', [0, 0, 0, 0, 0, 0, 0, 0, 0, 1_000])).toBe(1_000);
});

test('without noise a release says what there is', () => {
  const people = Array.from({ length: 40 }, (_, n) => ({
    group: n < 12 ? ('spotify' as const) : n < 30 ? ('apple_music' as const) : ('both' as const),
    blocks: n,
    items_kept_out: 1_000,
  }));
  const [all, spotify] = comparativeRelease(countsOf(people), { epsilonMilli: 250, threshold: 10 }, () => 0);
  expect(all).toMatchObject({
    suppressed: null,
    people: 40,
    shares: { items_kept_out: [0, 0, 0, 0, 0, 0, 0, 0, 1000, 0] },
  });
  expect(spotify).toMatchObject({ people: 12, shares: { blocks: [83, 167, 250, 417, 83, 0, 0, 0, 0, 0] } });
});

test('where all are few, nothing is told of anybody', () => {
  const release = comparativeRelease(
    { spotify: noCounts(), apple_music: noCounts(), both: noCounts() },
    { epsilonMilli: 250, threshold: 10 },
    () => 0,
  );
  expect(release).toEqual(
    ['all', 'spotify', 'apple_music', 'both'].map((group) => ({
      group,
      suppressed: 'too_few_people',
      people: null,
      shares: null,
    })),
  );
});

test('more noise, or more of it added up, is a wider margin', () => {
  const of = (epsilonMilli: number, groups: number) => marginsOf(epsilonMilli, { people: 1_000, classes: 10, groups });
  expect(of(1_000, 1)).toEqual({ people: 8, percent: 4 });
  expect(of(250, 1).people).toBeGreaterThan(of(1_000, 1).people);
  expect(of(250, 3).percent).toBeGreaterThan(of(250, 1).percent);
});

test.each([
  ['the first day', '2026-03-01', null, 0, 'released'],
  ['a day too early', '2026-03-28', '2026-03-01', 250, 'not_due'],
  ['on time', '2026-03-29', '2026-03-01', 250, 'released'],
  ['long after', '2027-03-29', '2026-03-01', 250, 'released'],
  ['the last that the budget pays for', '2027-03-29', '2026-03-01', 750, 'released'],
  ['beyond it', '2027-03-29', '2026-03-01', 751, 'budget_spent'],
  ['too early and beyond it', '2026-03-02', '2026-03-01', 1_000, 'not_due'],
] as const)('%s', (_, day, last, spentMilli, outcome) => {
  expect(releaseOutcome(day, last, { spentMilli, capMilli: 1_000, epsilonMilli: 250, everyDays: 28 })).toBe(outcome);
});
