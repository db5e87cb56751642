import fc from 'fast-check';
import { batchActions, LIBRARY_BATCH, PLAYLIST_BATCH, type PendingAction, RATING_BATCH } from '../../../domain/batches';
import { actionTypes, restoreTypes } from '../../../domain/reversibility';

const pending = (id: string, actionType: PendingAction['actionType'], playlistProviderId: string | null = null) => ({
  id,
  actionType,
  uri: `uri-${id}`,
  playlistProviderId,
});

const ratings = new Set<string>(['dislike_song', 'dislike_album', 'rerate_song', 'rerate_album']);

describe('batches', () => {
  test('hold one kind each, artists on their own, each playlist on its own', () => {
    const batches = batchActions([
      pending('1', 'remove_playlist_track', 'q'),
      pending('2', 'unfollow_artist'),
      pending('3', 'unlike_track'),
      pending('4', 'remove_playlist_track', 'p'),
      pending('5', 'unsave_album'),
      pending('6', 'unlike_track'),
      pending('7', 'remove_playlist_track', 'q'),
    ]);
    expect(batches.map(({ key, actionIds }) => [key, actionIds.join()])).toEqual([
      ['unlike_track:3', '3,6'],
      ['unsave_album:5', '5'],
      ['unfollow_artist:2', '2'],
      ['remove_playlist_track:1', '1,7'],
      ['remove_playlist_track:4', '4'],
    ]);
    expect(batches[0]).toMatchObject({ uris: ['uri-3', 'uri-6'], playlistProviderId: null });
  });

  test('keep within the limits of a call and lose, double or reorder nothing', () => {
    const action = fc
      .tuple(fc.constantFrom(...actionTypes, ...restoreTypes), fc.constantFrom('p', 'q'))
      .map(([type, playlist]) => ({ type, playlist: type.includes('playlist') ? playlist : null }));
    fc.assert(
      fc.property(fc.array(action, { maxLength: 400, size: 'max' }), (drawn) => {
        const actions = drawn.map(({ type, playlist }, n) => pending(String(n), type, playlist));
        const batches = batchActions(actions);
        expect(batchActions(actions)).toEqual(batches);
        expect(new Set(batches.map((batch) => batch.key)).size).toBe(batches.length);
        for (const { actionType, uris, playlistProviderId } of batches) {
          const most = ratings.has(actionType) ? RATING_BATCH : playlistProviderId ? PLAYLIST_BATCH : LIBRARY_BATCH;
          if (uris.length > most) throw new Error('too long');
        }
        for (const type of [...actionTypes, ...restoreTypes]) {
          for (const playlist of [null, 'p', 'q']) {
            const isOfGroup = (one: Pick<PendingAction, 'actionType' | 'playlistProviderId'>) =>
              one.actionType === type && one.playlistProviderId === playlist;
            const ids = batches.filter(isOfGroup).flatMap((batch) => batch.actionIds);
            expect(ids).toEqual(actions.filter(isOfGroup).map(({ id }) => id));
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  test('keep their names while others are settled', () => {
    const actions = Array.from({ length: 100 }, (_, n) => pending(String(n), 'unlike_track'));
    const keys = batchActions(actions).map((batch) => batch.key);
    expect(batchActions(actions.slice(LIBRARY_BATCH)).map((batch) => batch.key)).toEqual(keys.slice(1));
  });
});
