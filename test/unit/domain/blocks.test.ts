import { blocksByArtist, effectiveBlocks, type EffectiveBlocksInput } from '../../../domain/blocks';

const now = new Date('2026-11-01T12:00:00Z');
const artist = (id: string, ...providerIds: string[]) => ({ artistId: id, artistName: `The ${id}`, providerIds });
const own = (id: string, expiresAt: string | null = null) => ({
  ...artist(id, `${id}1`),
  expiresAt: expiresAt === null ? null : new Date(expiresAt),
});
const offense = (id: string, offenseId: string, standing: 'verified' | 'contested' = 'verified') => ({
  ...artist(id, `${id}1`),
  offenseId,
  standing,
});
const blocksOf = (input: Partial<EffectiveBlocksInput>) =>
  effectiveBlocks({ own: [], lists: [], categories: [], exceptedArtistIds: new Set(), now, ...input });

describe('the blocks that hold for a person', () => {
  test.each([
    ['no end', null, 1],
    ['an end to come', '2026-11-01T12:00:01Z', 1],
    ['an end at this moment', '2026-11-01T12:00:00Z', 0],
    ['an end long past', '2020-01-01T00:00:00Z', 0],
  ])('an own block with %s', (_story, expiresAt, count) => {
    expect(blocksOf({ own: [own('x', expiresAt)] })).toHaveLength(count);
  });

  test('one artist blocked from everywhere is one block that names every source', () => {
    const blocks = blocksOf({
      own: [own('x')],
      lists: [
        { listId: 'l1', version: 3, entries: [artist('x', 'x2'), artist('y', 'y1')] },
        { listId: 'l2', version: 1, entries: [artist('x', 'x1')] },
      ],
      categories: [{ category: 'violence', offenses: [offense('x', 'o1'), offense('x', 'o2'), offense('z', 'o3')] }],
    });
    expect(blocks.map(({ artistId, contested }) => [artistId, contested])).toEqual([
      ['x', false],
      ['y', false],
      ['z', false],
    ]);
    expect(blocksByArtist(blocks).get('x')).toEqual({
      artistId: 'x',
      artistName: 'The x',
      providerIds: ['x1', 'x2'],
      sources: [
        { kind: 'own' },
        { kind: 'list', listId: 'l1', version: 3 },
        { kind: 'list', listId: 'l2', version: 1 },
        { kind: 'category', category: 'violence', offenseIds: ['o1', 'o2'] },
      ],
      contested: false,
    });
  });

  test('an expired own block leaves what a list says standing', () => {
    const [block] = blocksOf({
      own: [own('x', '2020-01-01T00:00:00Z')],
      lists: [{ listId: 'l', version: 1, entries: [artist('x')] }],
    });
    expect(block?.sources).toEqual([{ kind: 'list', listId: 'l', version: 1 }]);
  });

  test('an offense under appeal blocks as contested only where nothing firmer does', () => {
    const categories = [
      {
        category: 'violence',
        offenses: [offense('x', 'o1', 'contested'), offense('y', 'o2', 'contested'), offense('y', 'o3')],
      },
    ];
    const blocks = blocksByArtist(blocksOf({ categories }));
    expect(blocks.get('x')).toMatchObject({ contested: true });
    expect(blocks.get('y')).toMatchObject({
      contested: false,
      sources: [{ kind: 'category', category: 'violence', offenseIds: ['o3'] }],
    });
  });

  test('an exception outweighs every source', () => {
    const exceptedArtistIds = new Set(['x']);
    const lists = [{ listId: 'l', version: 1, entries: [artist('x'), artist('y')] }];
    const blocks = blocksOf({ own: [own('x')], lists, exceptedArtistIds });
    expect(blocks.map(({ artistId }) => artistId)).toEqual(['y']);
  });
});
