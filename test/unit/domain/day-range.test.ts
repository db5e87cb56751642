import { dayRange } from '../../../domain/day-range';

const limits = { today: new Date('2026-11-29T23:59:59.999Z'), usual: 30, most: 366 };

describe('a range of days', () => {
  it.each([
    [{}, { from: '2026-10-31', to: '2026-11-29' }],
    [{ to: '2026-01-01' }, { from: '2025-12-03', to: '2026-01-01' }],
    [{ from: '2026-11-29' }, { from: '2026-11-29', to: '2026-11-29' }],
    [
      { from: '2024-01-01', to: '2024-12-31' },
      { from: '2024-01-01', to: '2024-12-31' },
    ],
    [{ from: '2024-01-01', to: '2025-01-01' }, null],
    [{ from: '2026-11-30' }, null],
    [{ from: '1969-12-31', to: '1970-01-01' }, null],
    [{ from: '9999-12-30', to: '9999-12-31' }, null],
  ])('%j is %j', (asked, expected) => {
    expect(dayRange(asked, limits)).toEqual(expected);
  });
});
