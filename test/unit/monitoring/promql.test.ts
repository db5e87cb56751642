import { partsOf } from '../../../dev/monitoring/promql';

const names = (expression: string) => partsOf(expression).selectors.map(({ metric }) => metric);

describe('what an expression names', () => {
  it.each([
    ['up', ['up']],
    ['sum by (a) (rate(m_total{b="c"}[5m]))', ['m_total']],
    ['sum(m) by (a, b) / on (a) group_left (c) n', ['m', 'n']],
    ['absent(up{job="api"} == 1) and on () up{job="worker"} == 1', ['up', 'up']],
    ['(m unless m offset 15m) or increase(m[$__rate_interval]) > 1e3', ['m', 'm', 'm']],
    ['min_over_time(max by (p) (dnp:m:max{h="x y"})[1h:1m]) > bool 0.05 * 3', ['dnp:m:max']],
    ['topk(10, histogram_quantile(0.95, sum by (le) (rate(m_bucket[1h]))) > 0)', ['m_bucket']],
    [`m{a="} other{", b='it''s'}`, ['m']],
    ['predict_linear(m[6h], 86400) < 0 or vector(0)', ['m']],
  ])('%s', (expression, expected) => {
    expect(names(expression)).toEqual(expected);
  });

  it('tells labels with what they are compared with, and what results are grouped by', () => {
    expect(partsOf('sum by (d, le) (m{a="b, c", e=~"f|g", h!~"/i|/j"}) / ignoring (k) n')).toEqual({
      selectors: [
        {
          metric: 'm',
          matchers: [
            { label: 'a', operator: '=', value: 'b, c' },
            { label: 'e', operator: '=~', value: 'f|g' },
            { label: 'h', operator: '!~', value: '/i|/j' },
          ],
        },
        { metric: 'n', matchers: [] },
      ],
      grouping: ['d', 'le', 'k'],
    });
  });

  it('refuses what names no metric', () => {
    expect(() => partsOf('{__name__=~".+"}')).toThrow('names no metric');
  });
});
