import { FaultBook, faultSchema } from '../../../dev/sandbox/conduct/faults';

const always = 1_000_000;
const ordered = (fault: object) => faultSchema.parse({ service: 'google', times: always, ...fault });

test('a fault with a chance happens to about that share of the calls, at random', () => {
  const book = new FaultBook();
  book.add(ordered({ chance: 0.1, status: 503 }));
  const hits = Array.from({ length: 20_000 }, () => book.take('google', 'POST', '/token') !== undefined);
  expect(hits.filter(Boolean).length / hits.length).toBeCloseTo(0.1, 1);
  const twice = hits.filter((hit, n) => hit && hits[n + 1]).length;
  expect(twice).toBeGreaterThan(100);
});

test('what it lets through goes on to the fault after it', () => {
  const book = new FaultBook();
  book.add(ordered({ chance: 0.5, status: 503 }));
  book.add(ordered({ delayMs: 20 }));
  const taken = Array.from({ length: 100 }, () => book.take('google', 'POST', '/token'));
  expect(taken.every((fault) => fault?.status === 503 || fault?.delayMs === 20)).toBe(true);
  expect(new Set(taken.map((fault) => fault?.status)).size).toBe(2);
});

test('without a chance it happens to every call', () => {
  const book = new FaultBook();
  book.add(faultSchema.parse({ service: 'apple', times: 2, hangUp: true }));
  const taken = [1, 2, 3].map(() => book.take('apple', 'POST', '/auth/token')?.hangUp);
  expect(taken).toEqual([true, true, undefined]);
});
