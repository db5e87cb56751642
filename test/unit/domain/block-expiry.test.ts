import { nextRestoreTry } from '../../../domain/block-expiry';

const day = 24 * 3_600;

test.each([
  ['connection_busy', 0, 60],
  ['connection_busy', 30 * day - 1, 60],
  ['connection_busy', 30 * day, null],
  ['connection_unusable', 0, 3_600],
  ['connection_unusable', 29 * day, 3_600],
  ['connection_unusable', 31 * day, null],
] as const)('%s, %d seconds after the end: again in %p', (obstacle, since, seconds) => {
  expect(nextRestoreTry(obstacle, since)).toBe(seconds);
});
