import { classOf, comparedMetrics, type Counts } from '../../../../domain/privacy/comparison';
import { comparativeRelease, type ReleasedGroup } from '../../../../domain/privacy/comparative-release';
import type { Noise } from '../../../../domain/privacy/discrete-laplace';
import { epsilonOf, noisedCounts } from '../../../../domain/privacy/noised-counts';
import { suppressedCells } from '../../../../domain/privacy/suppression';
import { clopperPearson } from './clopper-pearson';
import { type Compared, countsOf } from './people';
import { seededNoise } from './seeded-bytes';

/**
 * Attackers who know everything about everybody but the one thing they want to know of one person, and the mechanism. They guess between
 * two worlds that are as likely; of (ε, 0) it follows that they are right with probability e^ε / (1 + e^ε) at most. Each is shown to succeed
 * where what protects is switched off.
 */
const trials = 2_500;
const mostRight = (epsilon: number) => Math.exp(epsilon) / (1 + Math.exp(epsilon));
const silence: Noise = () => 0;

/** How often `guess` tells the one world from the other, of so many trials in each. */
function right<T>(worlds: [T, T], guess: (seen: T, trial: number) => boolean, see: (world: T) => T, times = trials) {
  let count = 0;
  for (let trial = 0; trial < times; trial += 1) {
    if (!guess(see(worlds[0]), trial)) count += 1;
    if (guess(see(worlds[1]), trial)) count += 1;
  }
  return clopperPearson(count, 2 * times);
}

const target: Compared = { group: 'both', blocks: 30, items_kept_out: 700 };
const others: Compared[] = Array.from({ length: 60 }, (_, n) => ({
  group: n < 9 ? 'both' : n < 30 ? 'spotify' : 'apple_music',
  blocks: (7 * n) % 90,
  items_kept_out: (131 * n) % 3_000,
}));
const without = countsOf(others);
const present = countsOf([...others, target]);

/** By how much what is seen speaks for the target's presence: the logarithm of the likelihoods' ratio, than which nothing guesses better. */
function evidence(seen: Counts, epsilonMilli: number): number {
  const { group } = target;
  const says = (part: 'people' | (typeof comparedMetrics)[number], noised = 0, known = 0) => {
    const { numerator, denominator } = epsilonOf(part, epsilonMilli);
    return (numerator / denominator) * (Math.abs(noised - known) - Math.abs(noised - known - 1));
  };
  const parts = comparedMetrics.map((metric) => {
    const place = classOf(metric, target[metric]);
    return says(metric, seen[group].metrics[metric][place], without[group].metrics[metric][place]);
  });
  return parts.reduce((sum, part) => sum + part, says('people', seen[group].people, without[group].people));
}

describe('whether one person is in it', () => {
  const attack = (epsilonMilli: number, noise: Noise, times = trials) =>
    right<Counts>(
      [without, present],
      (seen) => evidence(seen, epsilonMilli) > 0,
      (world) => noisedCounts(world, epsilonMilli, noise),
      times,
    );

  test.each([250, 1_000, 2_000])('is not told by all counts of a release with ε = %i/1000', (epsilonMilli) => {
    // What a small ε allows is near to what a coin gets: that takes more trials to tell apart.
    const times = epsilonMilli === 250 ? 6_000 : trials;
    const { low, high } = attack(epsilonMilli, seededNoise(`membership ${epsilonMilli}`), times);
    expect(high).toBeLessThan(mostRight(epsilonMilli / 1_000));
    // The attack is one: it does better than a coin.
    expect(low).toBeGreaterThan(epsilonMilli > 250 ? 0.55 : 0.5);
  });

  test('is told without the noise, and by noise that is a third of what it should be', () => {
    expect(attack(250, silence)).toEqual({ low: expect.closeTo(1, 2), high: 1 });
    const noise = seededNoise('a third');
    const weak: Noise = ({ numerator, denominator }) => noise({ numerator: 3 * numerator, denominator });
    expect(attack(1_000, weak).low).toBeGreaterThan(mostRight(1));
  });
});

describe('nine who know each other, and the tenth of their group', () => {
  const options = { epsilonMilli: 250, threshold: 10 };
  const both = (release: ReleasedGroup[]) => release.find(({ group }) => group === 'both');
  const attack = (noise: Noise) => {
    let count = 0;
    for (let trial = 0; trial < trials; trial += 1)
      for (const world of [without, present]) {
        const shown = both(comparativeRelease(world, options, noise))?.suppressed === null;
        if (shown === (world === present)) count += 1;
      }
    return clopperPearson(count, 2 * trials);
  };

  test('do not learn whether there is one from whether the group is shown', () => {
    expect(without.both.people).toBe(9);
    expect(attack(seededNoise('nine')).high).toBeLessThan(mostRight(0.25));
  });

  test('would by a threshold on how many there are', () => {
    expect(attack(silence)).toEqual({ low: expect.closeTo(1, 2), high: 1 });
  });

  test('do not learn which class the tenth is in', () => {
    const elsewhere = countsOf([...others, { ...target, blocks: 400 }]);
    const metric = 'blocks';
    const [here, there] = [classOf(metric, 30), classOf(metric, 400)];
    const guess = (seen: Counts, trial: number) => {
      const gain = (place: number) =>
        (seen.both.metrics[metric][place] ?? 0) - (without.both.metrics[metric][place] ?? 0);
      return gain(there) === gain(here) ? trial % 2 === 0 : gain(there) > gain(here);
    };
    const noise = seededNoise('class');
    const seen = (how: Noise) => (world: Counts) => noisedCounts(world, 1_000, how);
    const { low, high } = right<Counts>([present, elsewhere], guess, seen(noise));
    // Another number is one person who goes and one who comes: twice the part of ε that the metric has.
    expect(high).toBeLessThan(mostRight(2 * 0.3));
    expect(low).toBeGreaterThan(0.5);
    expect(right<Counts>([present, elsewhere], guess, seen(silence)).low).toBeGreaterThan(0.99);
  });
});

describe('asking again and again', () => {
  const { numerator, denominator } = epsilonOf('people', 250);

  test('all that the budget pays for tells no more than the budget says', () => {
    const [epsilonMilli, capMilli] = [250, 6_000];
    const noise = seededNoise('all releases');
    const parts = ['people', ...comparedMetrics] as const;
    let count = 0;
    for (let trial = 0; trial < trials; trial += 1)
      for (const there of [0, 1]) {
        let says = 0;
        for (let release = 0; release < capMilli / epsilonMilli; release += 1)
          for (const part of parts) {
            const epsilon = epsilonOf(part, epsilonMilli);
            const seen = there + noise(epsilon);
            says += (epsilon.numerator / epsilon.denominator) * (Math.abs(seen) - Math.abs(seen - 1));
          }
        if (says > 0 === (there === 1)) count += 1;
      }
    const { low, high } = clopperPearson(count, 2 * trials);
    expect(high).toBeLessThan(mostRight(capMilli / 1_000));
    // Twenty-four releases do tell more than one may.
    expect(low).toBeGreaterThan(mostRight(0.25));
    // What docs/analytics-privacy.md says of it.
    expect([low, high].map((rate) => Math.abs(rate - 0.64) < 0.05)).toEqual([true, true]);
  });

  test('would tell everything if each answer had noise of its own', () => {
    const noise = seededNoise('fresh');
    const average = (truth: number) => {
      let sum = 0;
      for (let n = 0; n < 20_000; n += 1) sum += truth + noise({ numerator, denominator });
      return Math.round(sum / 20_000);
    };
    expect([9, 10, 11].map(average)).toEqual([9, 10, 11]);
  });
});

describe('the total less what is shown', () => {
  const threshold = 10;
  /** Where the hidden parts can be worked out, one alone or fewer people together than the threshold. */
  const found = (hide: (cells: { key: string; people: number; fewest: number }[]) => Set<string>) => {
    const faults: number[][] = [];
    const sizes = [-8, 0, 3, 9, 10, 12, 25, 400];
    for (const a of sizes)
      for (const b of sizes)
        for (const c of sizes) {
          const cells = [a, b, c].map((people, n) => ({ key: `${n}`, people, fewest: Math.min(people, n * 12) }));
          const hidden = hide(cells);
          for (const { key, fewest } of cells) if (fewest < threshold) expect(hidden).toContain(key);
          const left = cells.filter(({ key }) => hidden.has(key));
          if (left.length === 0 || left.length === cells.length) continue;
          const people = left.reduce((sum, cell) => sum + cell.people, 0);
          if (left.length === 1 || people < threshold) faults.push([a, b, c]);
        }
    return faults;
  };

  test('never gives one suppressed group, nor a few people in several', () => {
    expect(found((cells) => new Set(suppressedCells(cells, threshold).keys()))).toEqual([]);
  });

  test('would if only the small ones were left out', () => {
    const small = found((cells) => new Set(cells.filter(({ fewest }) => fewest < threshold).map(({ key }) => key)));
    expect(small.length).toBeGreaterThan(50);
  });
});
