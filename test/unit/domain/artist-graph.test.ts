import fc from 'fast-check';
import { collaborationsOn, graphShape, pairsAmong, pairsTouched, type GraphTrack } from '../../../domain/artist-graph';
import { Components } from '../../../domain/components';
import { chooseSync, driftOf, graphState, type GraphCounts } from '../../../domain/graph-sync';
import { bandOf, linkWorth, together } from '../../../domain/graph-proximity';

describe('pairs', () => {
  it('are each once, with the smaller id first, whoever is named twice', () => {
    expect(pairsAmong(['c', 'a', 'b', 'a'])).toEqual([
      { from: 'a', to: 'b' },
      { from: 'a', to: 'c' },
      { from: 'b', to: 'c' },
    ]);
    expect(pairsAmong(['a'])).toEqual([]);
    expect(pairsTouched([['a', 'b'], ['b', 'a'], ['c']])).toEqual([{ from: 'a', to: 'b' }]);
  });
});

describe('what two artists made together', () => {
  const roleOf = { p: 'primary', f: 'featured', w: 'writer', d: 'producer' } as const;
  /** `credits` as `a:p b:fw`: who, and in which roles. */
  const track = (id: string, year: number | null, credits: string, keys: string[] = []): GraphTrack => ({
    id,
    name: id,
    year,
    albumId: null,
    keys,
    credits: credits.split(' ').flatMap((one) => {
      const [artistId = '', roles = ''] = one.split(':');
      return [...roles].map((role) => ({ artistId, role: roleOf[role as keyof typeof roleOf] }));
    }),
  });
  const none = { fromLeads: 0, toLeads: 0, guests: 0, produced: 0, written: 0 };
  const between = (...tracks: GraphTrack[]) => collaborationsOn(tracks, ({ from, to }) => from === 'a' && to === 'b');

  it.each([
    ['a:p b:f', { fromLeads: 1 }],
    ['a:f b:p', { toLeads: 1 }],
    ['c:p a:f b:f', { guests: 1 }],
    ['a:pw b:fd', { fromLeads: 1 }],
    ['a:p b:d', { produced: 1 }],
    ['a:w b:d', { produced: 1 }],
    ['a:p b:wd', { produced: 1 }],
    ['a:p b:w', { written: 1 }],
    ['c:p a:w b:w', { written: 1 }],
  ])('counts %s by the roles that say most', (credits, share) => {
    expect(between(track('t', 2000, credits))).toEqual([
      { from: 'a', to: 'b', tracks: 1, first: 2000, last: 2000, samples: ['t'], ...none, ...share },
    ]);
  });

  it('counts a recording once, whatever ties its releases together, as the roles that say most have it', () => {
    const releases = [
      track('t1', 2005, 'a:p b:w', ['ISRC1', 'R']),
      track('t2', 1999, 'a:p b:w', ['ISRC2', 'R']),
      track('t3', null, 'a:p b:f', ['ISRC2']),
      track('t4', 2010, 'a:p b:f', ['ISRC4']),
      track('t5', null, 'a:p b:f'),
      track('t6', null, 'a:p b:f'),
    ];
    const expected = [
      {
        from: 'a',
        to: 'b',
        tracks: 4,
        first: 1999,
        last: 2010,
        ...none,
        fromLeads: 4,
        samples: ['t4', 't3', 't5', 't6'],
      },
    ];
    expect(between(...releases)).toEqual(expected);
    expect(between(...releases.reverse())).toEqual(expected);
  });

  it('leaves out whom nobody asked for, and who is alone', () => {
    expect(between(track('t', 2000, 'a:p c:f'), track('u', 2000, 'a:pdw'))).toEqual([]);
  });
});

describe('the shape of a graph', () => {
  it.each([
    [0, 0, null, null],
    [1, 0, 0, null],
    [4, 6, 3, 1],
    [9, 8, 16 / 9, 2 / 9],
  ])('of %i artists with %i collaborations', (artists, collaborations, meanDegree, density) => {
    expect(graphShape({ artists, collaborations })).toEqual({ meanDegree, density });
  });
});

test('parts that hang together are those that a walk finds', () => {
  const edge = fc.tuple(fc.nat(15), fc.nat(15));
  fc.assert(
    fc.property(fc.array(edge, { maxLength: 30 }), (edges) => {
      const components = new Components();
      for (let n = 0; n < 16; n += 1) components.add(String(n));
      for (const [a, b] of edges) components.join(String(a), String(b));
      const sizes = partsByWalking(16, edges);
      expect(components.summary()).toEqual({
        count: sizes.length,
        largest: Math.max(...sizes),
        isolated: sizes.filter((size) => size === 1).length,
      });
    }),
  );
  expect(new Components().summary()).toEqual({ count: 0, largest: 0, isolated: 0 });
});

function partsByWalking(nodes: number, edges: readonly (readonly [number, number])[]): number[] {
  const left = new Set(Array.from({ length: nodes }, (_, n) => n));
  const sizes: number[] = [];
  for (const start of left) {
    const part = [start];
    for (const at of part)
      for (const [a, b] of edges)
        for (const next of a === at ? [b] : b === at ? [a] : []) if (!part.includes(next)) part.push(next);
    for (const one of part) left.delete(one);
    sizes.push(part.length);
  }
  return sizes;
}

describe('which sync', () => {
  const feed = { catalogId: 'ours', forgotten: '8:10:8', now: '90:100:90,95' };
  const clock = { full: false, bySomebody: false };
  it.each([
    ['a graph without a record', null, clock, 'full', 'first'],
    ['one whose first sync was not complete', { catalogId: null, watermark: null }, clock, 'full', 'first'],
    ['another catalog’s', { catalogId: 'theirs', watermark: '50:50:' }, clock, 'full', 'other_catalog'],
    ['one behind what is kept', { catalogId: 'ours', watermark: '9:9:' }, clock, 'full', 'too_far_behind'],
    [
      'one ahead of a restored database',
      { catalogId: 'ours', watermark: '90:101:90,95' },
      clock,
      'full',
      'too_far_behind',
    ],
    ['one that lacks what is forgotten', { catalogId: 'ours', watermark: '7:20:7,9' }, clock, 'full', 'too_far_behind'],
    ['one with what is not committed', { catalogId: 'ours', watermark: '90:100:90' }, clock, 'full', 'too_far_behind'],
    [
      'one that has only what is forgotten',
      { catalogId: 'ours', watermark: '8:10:8' },
      clock,
      'incremental',
      'schedule',
    ],
    ['one in step', { catalogId: 'ours', watermark: '90:100:90,95' }, clock, 'incremental', 'schedule'],
    ['one asked for', { catalogId: 'ours', watermark: '50:50:' }, { full: true, bySomebody: true }, 'full', 'asked'],
  ] as const)('for %s', (_, graph, asked, mode, reason) => {
    expect(chooseSync(graph, feed, asked)).toEqual({ mode, reason });
  });
});

describe('how the graph stands', () => {
  const counts: GraphCounts = { artists: 3, albums: 1, tracks: 2, credits: 4, collaborations: 1 };
  const same = driftOf(counts, counts);
  const fewer = driftOf(counts, { ...counts, artists: 2 });
  it.each([
    ['empty', { complete: false, pending: 5, drift: fewer }],
    ['behind', { complete: true, pending: 5, drift: fewer }],
    ['drifted', { complete: true, pending: 0, drift: fewer }],
    ['in_step', { complete: true, pending: 0, drift: same }],
  ] as const)('%s', (state, graph) => {
    expect(graphState(graph)).toBe(state);
  });

  it('names what differs, and by how much', () => {
    expect(fewer).toContainEqual({ kind: 'artists', catalog: 3, graph: 2, difference: -1 });
    expect(fewer.filter(({ difference }) => difference !== 0)).toHaveLength(1);
  });
});

describe('nearness', () => {
  const work = (ledByLinked: number, ledByArtist = 0, bothGuests = 0, produced = 0, written = 0) => ({
    ledByLinked,
    ledByArtist,
    bothGuests,
    produced,
    written,
  });

  it('grows with every recording, more where one of the two leads, and stays below 1', () => {
    expect(linkWorth(work(0))).toBe(0);
    expect(linkWorth(work(2))).toBe(0.5);
    expect(linkWorth(work(1, 1))).toBe(linkWorth(work(2)));
    expect(linkWorth(work(0, 0, 1))).toBeLessThan(linkWorth(work(1)));
    expect(linkWorth(work(0, 0, 0, 1))).toBeLessThan(linkWorth(work(1)));
    expect(linkWorth(work(0, 0, 0, 0, 1))).toBeLessThan(linkWorth(work(0, 0, 0, 1)));
    expect(linkWorth(work(0, 0, 0, 0, 1))).toBeGreaterThan(0);
    expect(linkWorth(work(1_000_000))).toBeLessThan(1);
  });

  it('adds up over several, in any order, and stays below 1', () => {
    expect(together([])).toBe(0);
    expect(together([0.5, 0.5])).toBe(0.75);
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 0.99, noNaN: true }), { minLength: 1, maxLength: 8 }), (worths) => {
        expect(together(worths)).toBeGreaterThanOrEqual(Math.max(...worths) - 1e-9);
        expect(together(worths)).toBeLessThanOrEqual(1);
        expect(together([...worths].reverse())).toBeCloseTo(together(worths), 9);
      }),
    );
  });

  it.each([
    [0, 'loose'],
    [0.29, 'loose'],
    [0.3, 'near'],
    [0.59, 'near'],
    [0.6, 'close'],
    [1, 'close'],
  ])('%d is %s', (score, band) => {
    expect(bandOf(score)).toBe(band);
  });
});
