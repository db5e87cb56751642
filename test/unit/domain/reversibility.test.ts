import fc from 'fast-check';
import {
  capabilitiesOf,
  capabilityMatrix,
  itemTypes,
  ratedItemTypes,
  removalOf,
  spotifyItemTypes,
} from '../../../domain/capabilities';
import {
  actionTypes,
  directionOf,
  inverseOf,
  lossesOf,
  newestFirst,
  restoreOrder,
  restoreTypes,
} from '../../../domain/reversibility';

describe('what undoing loses', () => {
  test.each([
    ['unlike_track', 'development', false, ['date_added', 'position']],
    ['unlike_track', 'extended', false, []],
    ['unsave_album', 'development', false, ['date_added']],
    ['unsave_album', 'extended', false, ['date_added']],
    ['unfollow_artist', 'development', false, []],
    ['unfollow_artist', 'extended', false, []],
    ['unfollow_playlist', 'development', false, ['position']],
    ['unfollow_playlist', 'extended', false, ['position']],
    ['remove_playlist_track', 'development', false, ['date_added']],
    ['remove_playlist_track', 'development', true, ['date_added', 'added_by']],
    ['remove_playlist_track', 'extended', true, ['date_added', 'added_by']],
    ['dislike_song', 'development', false, []],
    ['dislike_album', 'development', false, []],
    ['list_removed_likes', 'development', false, []],
  ] as const)('%s in %s mode, added by somebody else: %s', (action, dialect, addedByOther, losses) => {
    expect(lossesOf(action, { dialect, addedByOther })).toEqual(losses);
  });

  test('every action has its own inverse', () => {
    expect(actionTypes.map(inverseOf)).toEqual(restoreTypes);
    expect(restoreTypes.map(inverseOf)).toEqual(actionTypes);
    expect([...actionTypes, ...restoreTypes].map(directionOf)).toEqual([
      ...actionTypes.map(() => 'take_out'),
      ...restoreTypes.map(() => 'put_back'),
    ]);
  });
});

describe('orders', () => {
  const dated = (addedAt: string | null, id: number) => ({ addedAt, id });

  test('newest first, the undated last, equals as they were', () => {
    const items = [
      dated(null, 1),
      dated('2020-01-01T00:00:00Z', 2),
      dated('2021-01-01T00:00:00Z', 3),
      dated('2020-01-01T00:00:00Z', 4),
    ];
    expect(newestFirst(items).map(({ id }) => id)).toEqual([3, 2, 4, 1]);
    expect(restoreOrder(items).map(({ id }) => id)).toEqual([1, 4, 2, 3]);
  });

  test('likes put back one by one on top, in restore order, stand as they stood', () => {
    const date = fc.option(fc.integer({ min: 0, max: 5 }).map((n) => new Date(n * 86_400_000).toISOString()));
    fc.assert(
      fc.property(fc.array(date), (dates) => {
        const list = newestFirst(dates.map(dated));
        const top: typeof list = [];
        for (const item of restoreOrder(list)) top.unshift(item);
        expect(top).toEqual(list);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the capability matrix', () => {
  test('is exact at Spotify where undoing loses nothing', () => {
    const exact = (dialect: 'development' | 'extended') =>
      capabilitiesOf('spotify', dialect).flatMap((row) => (row.exact ? [row.itemType] : []));
    expect(exact('development')).toEqual(['followed_artist', 'removed_likes']);
    expect(exact('extended')).toEqual(['liked_track', 'followed_artist', 'removed_likes']);
  });

  test('promises at Apple Music ratings, copies where asked for, and nothing else', () => {
    const rows = capabilitiesOf('apple_music');
    expect(rows.flatMap((row) => (row.canRemove ? [row.itemType] : []))).toEqual([
      'rated_song',
      'rated_album',
      'playlist_copy',
    ]);
    expect(rows.map((row) => row.itemType)).toEqual([...itemTypes]);
  });

  test('never promises an exact undo where it promises none, and explains each row', () => {
    for (const row of capabilityMatrix()) {
      expect(row.exact && !row.canRestore).toBe(false);
      expect(row.note).not.toBe('');
    }
  });

  test('each item type has the action that takes it out', () => {
    expect([...[...spotifyItemTypes, ...ratedItemTypes].map(removalOf), 'list_removed_likes']).toEqual(actionTypes);
  });
});
