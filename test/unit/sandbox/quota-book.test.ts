import { QuotaBook } from '../../../dev/sandbox/conduct/quotas';

describe('the book of quotas', () => {
  const quota = { calls: 2, windowSeconds: 30 };

  it('lets as many calls through as the window has, and says how long the next one has to wait', () => {
    const book = new QuotaBook();
    expect([book.take('a', quota, 0), book.take('a', quota, 10_000)]).toEqual([null, null]);
    expect(book.take('a', quota, 12_500)).toBe(18);
    expect(book.take('b', quota, 12_500)).toBeNull();
    expect(book.take('a', quota, 30_001)).toBeNull();
    expect(book.take('a', quota, 30_002)).toBe(10);
  });

  it('counts every call, also without a quota, until it is told to forget', () => {
    const book = new QuotaBook();
    for (let call = 0; call < 3; call += 1) book.take('a', undefined);
    book.take('b', { calls: 1, windowSeconds: 1 });
    book.take('b', { calls: 1, windowSeconds: 1 });
    expect(book.list()).toEqual([
      { account: 'a', calls: 3 },
      { account: 'b', calls: 2 },
    ]);
    book.forget('a');
    expect(book.list()).toEqual([{ account: 'b', calls: 2 }]);
  });
});
