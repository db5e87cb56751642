import { submissionLimit } from '../../../domain/submission-limits';

const now = new Date('2026-11-01T12:00:00Z');
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const limits = { pending: 2, aDay: 3 };

test.each([
  ['offense', 1, [1, 2], null],
  ['offense', 2, [1, 2], { limit: 'pending', most: 2, retryAfter: 3_600 }],
  ['offense', 5, [], { limit: 'pending', most: 2, retryAfter: 3_600 }],
  ['evidence', 2, [1, 2], null],
  ['offense', 0, [1, 2, 20], { limit: 'a_day', most: 3, retryAfter: 4 * 3_600 }],
  ['evidence', 0, [1, 2, 23.9999], { limit: 'a_day', most: 3, retryAfter: 1 }],
  ['offense', 2, [1, 2, 23], { limit: 'a_day', most: 3, retryAfter: 3_600 }],
] as const)('%s with %p pending and some %p hours ago: %p', (kind, pending, hours, expected) => {
  expect(submissionLimit(kind, { pending, ofADay: hours.map(hoursAgo) }, limits, now)).toEqual(expected);
});
