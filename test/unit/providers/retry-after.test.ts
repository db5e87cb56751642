import { parseRetryAfter } from '../../../adapters/providers/retry-after';

const now = new Date('2026-11-24T12:00:00Z');

describe('Retry-After', () => {
  it.each([
    ['90', 90],
    ['0', 0],
    ['1.2', 2],
    ['86400', 86_400],
    ['99999999999', 30 * 24 * 3600],
    ['Tue, 24 Nov 2026 12:01:30 GMT', 90],
    ['Tue, 24 Nov 2026 11:00:00 GMT', 0],
  ])('reads %s as %d seconds', (header, seconds) => {
    expect(parseRetryAfter(header, now)).toBe(seconds);
  });

  it.each([[null], [undefined], [''], ['soon'], ['-5 minutes ago']])('makes nothing of %s', (header) => {
    expect(parseRetryAfter(header, now)).toBeNull();
  });
});
