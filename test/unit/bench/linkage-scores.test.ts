import { fitWeights } from '../../../bench/linkage/fit';
import { pairScores, wilson } from '../../../bench/linkage/scores';

test('scores count pairs of two', () => {
  const scores = pairScores([1, 1, 1, 2, 3], ['a', 'a', 'b', 'b', 'c']);
  expect(scores).toMatchObject({ linked: 3, wrong: 2, precision: 1 / 3, recall: 1 / 2 });
  expect(scores.f1).toBeCloseTo(0.4);
});

test('Wilson’s interval of none in five thousand ends below one in a thousand', () => {
  const [least, most] = wilson(0, 5_000);
  expect(least).toBe(0);
  expect(most).toBeCloseTo(0.000768, 5);
});

test('weights say which feature decides', () => {
  const examples = Array.from({ length: 200 }, (_, n) => ({
    features: [n % 2, (n * 7) % 3],
    same: n % 20 === 0 ? true : n % 2 === 1,
  }));
  const weights = fitWeights(examples, [
    ['deciding', ''],
    ['idle', ''],
  ]);
  expect(weights.deciding).toBeGreaterThan(2);
  expect(Math.abs(weights.idle)).toBeLessThan(0.5);
});
