import { successRate } from '../../../domain/figures';
import { errorRate } from '../../../domain/provider-health';

test.each([
  [[], null],
  [[{ outcome: 'cancelled', calls: 3 }], null],
  [[{ outcome: 'ok', calls: 3 }], 0],
  [
    [
      { outcome: 'ok', calls: 5 },
      { outcome: 'rate_limited', calls: 2 },
      { outcome: 'unavailable', calls: 2 },
      { outcome: 'outcome_unknown', calls: 1 },
      { outcome: 'cancelled', calls: 90 },
    ],
    0.3,
  ],
])('of %j the provider failed %s', (calls, rate) => {
  expect(errorRate(calls)).toBe(rate);
});

test.each([
  [{ applied: 0, failed: 0 }, null],
  [{ applied: 3, failed: 1 }, 0.75],
])('of %j the part that could be done is %s', (ends, rate) => {
  expect(successRate(ends)).toBe(rate);
});
