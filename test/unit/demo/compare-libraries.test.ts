import { cameBack, compareLibraries, type Difference } from '../../../dev/demo/compare-libraries';
import type { Action } from '../../../dev/demo/contract';
import { declaredLosses } from '../../../dev/demo/losses';
import type { SandboxLibrary } from '../../../dev/demo/sandbox';
import { actionOn, libraryOf, playlistOf } from './support';

function differences(before: SandboxLibrary, after: SandboxLibrary, actions: Action[] = []) {
  const parts = compareLibraries(before, after, declaredLosses(actions));
  return { found: parts.flatMap((part): Difference[] => part.differences), good: cameBack(parts) };
}

const liked = (id: string) => actionOn('liked_track', `spotify:track:${id}`, ['date_added', 'position']);

describe('comparing the library before and after', () => {
  test('nothing differs where nothing changed', () => {
    const library = libraryOf(['a', 'b'], [playlistOf('p', ['a', null, 'a'])]);
    expect(differences(library, structuredClone(library))).toEqual({ found: [], good: true });
  });

  test('a like that came back on top with a new date is good only where both losses were declared', () => {
    const before = libraryOf(['a', 'b', 'c']);
    const after = libraryOf(['c', 'a', 'b']);
    after.likes = [{ trackId: 'c', addedAt: '2026-01-01T00:00:00.000Z' }, ...before.likes.slice(0, 2)];
    expect(differences(before, after, [liked('c')])).toEqual({
      found: [
        { uri: 'spotify:track:c', what: 'date_added', declared: true },
        { uri: 'spotify:track:c', what: 'position', declared: true },
      ],
      good: true,
    });
    expect(differences(before, after).good).toBe(false);
    const dateOnly = actionOn('liked_track', 'spotify:track:c', ['date_added']);
    expect(differences(before, after, [dateOnly]).good).toBe(false);
  });

  test('likes that nobody touched must keep their order', () => {
    const before = libraryOf(['a', 'b', 'c']);
    const after = { ...before, likes: [before.likes[1]!, before.likes[0]!, before.likes[2]!] };
    const { found, good } = differences(before, after, [liked('c')]);
    expect(good).toBe(false);
    expect(found.map(({ uri, what }) => [uri, what])).toEqual([
      ['spotify:track:a', 'order'],
      ['spotify:track:b', 'order'],
    ]);
  });

  test('a lost like, album or follow is never explained by a lost date', () => {
    const before = libraryOf(['a', 'b']);
    const after = { ...libraryOf(['a']), albums: [], follows: [] };
    const { found, good } = differences(before, after, [liked('b')]);
    expect(good).toBe(false);
    expect(found.filter(({ declared }) => !declared).map(({ uri, what }) => [uri, what])).toEqual([
      ['spotify:track:b', 'missing'],
      ['spotify:album:album', 'missing'],
      ['spotify:artist:artist', 'missing'],
    ]);
  });

  test('what was declared as not restorable may stay away', () => {
    const action = actionOn('liked_track', 'spotify:track:b', ['not_restorable']);
    expect(differences(libraryOf(['a', 'b']), libraryOf(['a']), [action]).good).toBe(true);
  });

  test('a like that was not there before is a difference', () => {
    expect(differences(libraryOf(['a']), libraryOf(['a', 'x'])).found).toEqual([
      { uri: 'spotify:track:x', what: 'added', declared: false },
    ]);
  });

  test('a doubled track in a playlist is found', () => {
    const before = libraryOf([], [playlistOf('p', ['a', 'b'])]);
    const after = libraryOf([], [playlistOf('p', ['a', 'b', 'b'])]);
    expect(differences(before, after).found).toEqual([{ uri: 'spotify:track:b', what: 'added', declared: false }]);
  });

  test('the same items in another order are found place by place', () => {
    const before = libraryOf([], [playlistOf('p', ['a', null, 'b'])]);
    const after = libraryOf([], [playlistOf('p', [null, 'a', 'b'])]);
    expect(differences(before, after).found).toEqual([
      { uri: 'spotify:track:a', what: 'order', place: 1, declared: false },
      { uri: null, what: 'order', place: 2, declared: false },
    ]);
  });

  test('dates and adders count per playlist: a loss declared for one does not excuse another', () => {
    const before = libraryOf([], [playlistOf('p', ['a']), playlistOf('q', ['a'])]);
    const after = libraryOf([], [playlistOf('p', ['a'], 50), playlistOf('q', ['a'], 50)]);
    const { found } = differences(before, after, [actionOn('playlist_track', 'spotify:track:a', ['date_added'], 'p')]);
    expect(found.map(({ what, declared }) => [what, declared])).toEqual([
      ['date_added', true],
      ['date_added', false],
    ]);
  });

  test('a playlist that is gone, new or renamed is a difference', () => {
    const before = libraryOf([], [playlistOf('p', ['a']), playlistOf('q', [])]);
    const after = libraryOf([], [{ ...playlistOf('p', ['a']), name: 'other' }, playlistOf('r', [])]);
    expect(differences(before, after).found.map(({ uri, what }) => [uri, what])).toEqual([
      ['spotify:playlist:p', 'description'],
      ['spotify:playlist:q', 'missing'],
      ['spotify:playlist:r', 'added'],
    ]);
  });
});
