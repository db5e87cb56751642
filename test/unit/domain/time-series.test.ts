import fc from 'fast-check';
import {
  granularities,
  metricNames,
  partingsOf,
  pointsOf,
  rangeFault,
  stretches,
  type SummedFigure,
} from '../../../domain/time-series';

const range = { from: '2025-12-30', to: '2026-01-06' };

describe('a range of days', () => {
  it('is cut into days, weeks from Monday and months, the first and the last as far as it goes', () => {
    expect(stretches(range, 'day')).toHaveLength(8);
    expect(stretches(range, 'week')).toEqual([
      { from: '2025-12-30', to: '2026-01-04' },
      { from: '2026-01-05', to: '2026-01-06' },
    ]);
    expect(stretches(range, 'month')).toEqual([
      { from: '2025-12-30', to: '2025-12-31' },
      { from: '2026-01-01', to: '2026-01-06' },
    ]);
  });

  it('is covered by its stretches, each day once, whatever they are', () => {
    const day = fc.integer({ min: 0, max: 30_000 }).map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10));
    fc.assert(
      fc.property(day, fc.nat(900), fc.constantFrom(...granularities), (from, length, granularity) => {
        const to = new Date(Date.parse(from) + length * 86_400_000).toISOString().slice(0, 10);
        const all = stretches({ from, to }, granularity);
        expect([all[0]?.from, all.at(-1)?.to]).toEqual([from, to]);
        for (const [n, { from: begin }] of all.entries()) {
          if (n === 0) continue;
          expect(Date.parse(begin)).toBe(Date.parse(all[n - 1]!.to) + 86_400_000);
          if (granularity === 'week') expect(new Date(begin).getUTCDay()).toBe(1);
          if (granularity === 'month') expect(begin.slice(8)).toBe('01');
        }
      }),
    );
  });

  it.each([
    ['2026-01-02', '2026-01-01', 'day', 'before_from'],
    ['2025-01-01', '2026-02-04', 'day', null],
    ['2025-01-01', '2026-02-05', 'day', 'too_many_points'],
    ['2021-01-01', '2025-12-31', 'week', null],
    ['2021-01-01', '2026-01-01', 'week', 'too_long'],
    ['2024-02-29', '2029-02-28', 'month', null],
    ['2024-02-29', '2029-03-01', 'month', 'too_long'],
    ['1969-12-31', '1970-01-02', 'day', 'out_of_range'],
    ['9998-12-31', '9999-12-31', 'month', 'out_of_range'],
  ] as const)('from %s to %s by %s: %s', (from, to, granularity, fault) => {
    expect(rangeFault({ from, to }, granularity)).toBe(fault);
  });
});

describe('points', () => {
  const sum = (from: string | null, n: number, type = 'unlike_track', outcome = ''): SummedFigure => ({
    from,
    type,
    outcome,
    n,
  });
  const read = (sums: SummedFigure[], of: Partial<Parameters<typeof pointsOf>[1]> = {}) =>
    pointsOf(sums, {
      metric: 'actions',
      parting: 'none',
      range: { from: '2026-01-01', to: '2026-01-04' },
      granularity: 'day',
      today: '2026-01-03',
      ...of,
    });
  const values = (points: ReturnType<typeof read>) => points.map(({ value }) => value);

  it('of what happened are nought where nothing did, and unknown for days to come', () => {
    expect(values(read([]))).toEqual([0, 0, 0, null]);
    expect(values(read([sum('2026-01-02', 2), sum('2026-01-02', 3, 'unsave_album')]))).toEqual([0, 5, 0, null]);
  });

  it('of what there is go on from what there was before', () => {
    const sums = [sum(null, 10), sum('2026-01-02', 5), sum('2026-01-03', -12)];
    expect(values(read(sums, { metric: 'items_kept_out' }))).toEqual([10, 15, 3, null]);
    expect(values(read([sum(null, 1_499), sum('2026-01-02', 2)], { metric: 'seconds_kept_out' }))).toEqual([
      1,
      2,
      2,
      null,
    ]);
  });

  it('of a rate are of what was tried, and none where nothing was', () => {
    const sums = [
      sum('2026-01-01', 3, 'unlike_track', 'applied'),
      sum('2026-01-01', 1, 'unlike_track', 'failed'),
      sum('2026-01-01', 9, 'unlike_track', 'skipped'),
      sum('2026-01-02', 9, 'unlike_track', 'skipped'),
    ];
    expect(values(read(sums, { metric: 'success_rate' }))).toEqual([0.75, null, null, null]);
  });

  it('are told apart by type and outcome, each over all days', () => {
    const sums = [
      sum('2026-01-02', 1, 'unsave_album', 'applied'),
      sum('2026-01-01', 2, 'unlike_track', 'failed'),
      sum('2026-01-03', 4, 'unlike_track', 'applied'),
    ];
    const parts = (parting: 'type' | 'outcome' | 'type_and_outcome') => {
      const points = read(sums, { parting });
      expect(points.length % 4).toBe(0);
      return points.filter((_, n) => n % 4 === 0).map(({ type, outcome }) => [type, outcome]);
    };
    expect(parts('type')).toEqual([
      ['unlike_track', null],
      ['unsave_album', null],
    ]);
    expect(parts('outcome')).toEqual([
      [null, 'applied'],
      [null, 'failed'],
    ]);
    expect(parts('type_and_outcome')).toHaveLength(3);
    expect(read([], { parting: 'type' })).toEqual([]);
  });

  it('of parts sum to those of the whole, for what can be summed', () => {
    const figure = fc.record({
      from: fc.constantFrom(null, '2026-01-01', '2026-01-02', '2026-01-03'),
      type: fc.constantFrom('a', 'b'),
      outcome: fc.constantFrom('applied', 'failed', ''),
      n: fc.integer({ min: -9, max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(figure), fc.constantFrom(...metricNames), (sums, metric) => {
        fc.pre(metric !== 'success_rate' && metric !== 'seconds_kept_out');
        for (const parting of partingsOf[metric]) {
          const whole = read(sums, { metric });
          const summed = new Map<string, number>();
          for (const { from, value } of read(sums, { metric, parting }))
            summed.set(from, (summed.get(from) ?? 0) + (value ?? 0));
          for (const { from, value } of whole) expect(summed.get(from) ?? 0).toBe(value ?? 0);
        }
      }),
    );
  });
});
