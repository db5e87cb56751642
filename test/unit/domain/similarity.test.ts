import { blendSimilar, type GraphNearness, partWeights } from '../../../domain/similarity';

const near = (worth: number, distance: 1 | 2 = 2): GraphNearness => ({ worth, distance });

test('each result says what either part adds, and the parts add up', () => {
  const found = blendSimilar(
    new Map([
      ['both', 0.8],
      ['sounds', 0.9],
      ['hardly', 0.1],
    ]),
    new Map([
      ['both', near(0.25)],
      ['worked', near(0.36, 1)],
    ]),
    partWeights({ style: true, graph: true }),
  );
  expect(found.map(({ artistId }) => artistId)).toEqual(['worked', 'both', 'sounds']);
  const [worked, both, sounds] = found;
  expect(worked).toMatchObject({ style: null, graph: { distance: 1, proximity: 0.6 } });
  expect(both?.style?.adds).toBeCloseTo(0.08);
  expect(both?.graph?.adds).toBeCloseTo(0.45);
  expect(both?.score).toBeCloseTo(0.53);
  expect(sounds).toMatchObject({ graph: null, style: { cosine: 0.9 } });
});

test('where one part has nothing to say, the other counts alone', () => {
  expect(partWeights({ style: true, graph: false })).toEqual({ style: 1, graph: 0 });
  expect(partWeights({ style: false, graph: true })).toEqual({ style: 0, graph: 1 });
  const alone = blendSimilar(new Map([['a', 0.7]]), new Map(), partWeights({ style: true, graph: false }));
  expect(alone).toEqual([{ artistId: 'a', score: 0.7, style: { cosine: 0.7, adds: 0.7 }, graph: null }]);
});

test('nothing known is nobody similar, and what is no number counts nothing', () => {
  expect(blendSimilar(new Map(), new Map(), partWeights({ style: false, graph: false }))).toEqual([]);
  const weights = partWeights({ style: true, graph: true });
  expect(blendSimilar(new Map([['a', Number.NaN]]), new Map([['b', near(Number.NaN)]]), weights)).toEqual([]);
});
