import { selectFields } from '../../../dev/sandbox/spotify/fields';

const playlist = {
  name: 'Tide',
  snapshot_id: 's1',
  items: {
    total: 2,
    items: [
      { added_at: 't', item: { id: 'x', name: 'Ebb' } },
      { added_at: 'u', item: null },
    ],
  },
};

describe('the fields parameter of playlist reads', () => {
  it.each([
    ['snapshot_id', { snapshot_id: 's1' }],
    ['snapshot_id,items.total', { snapshot_id: 's1', items: { total: 2 } }],
    ['name, items(total)', { name: 'Tide', items: { total: 2 } }],
    ['items.items(item(id))', { items: { items: [{ item: { id: 'x' } }, { item: null }] } }],
    ['items.total,items.items.added_at', { items: { total: 2, items: [{ added_at: 't' }, { added_at: 'u' }] } }],
    ['!items', { name: 'Tide', snapshot_id: 's1' }],
    ['nothing_of_the_kind', {}],
  ])('%s', (fields, expected) => {
    expect(selectFields(playlist, fields)).toEqual(expected);
  });

  it('gives everything where nothing was asked', () => {
    expect(selectFields(playlist, undefined)).toBe(playlist);
  });
});
