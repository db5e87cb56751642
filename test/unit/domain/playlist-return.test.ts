import fc from 'fast-check';
import { placeReturning } from '../../../domain/playlist-return';
import {
  alignWithLive,
  buryUris,
  liveView,
  type PlaylistSequence,
  reviveActions,
  sequenceFromLive,
} from '../../../domain/playlist-sequence';

const items = (uris: readonly string[]) => uris.map((uri) => ({ uri, addedAt: null, addedBy: 'person' }));
const uris = (sequence: PlaylistSequence) => liveView(sequence).map(({ uri }) => uri);
/** Each URI is put back by an action of its own. */
const holders = (missing: Iterable<string>) => new Map([...missing].map((uri) => [uri, `back ${uri}`]));
const revived = (sequence: PlaylistSequence, missing: Iterable<string>) =>
  reviveActions(sequence, new Set(holders(missing).values()));

describe('giving what comes back from a file its place', () => {
  test.each([
    ['where it stood', ['a', 'c'], ['a', 'b', 'c'], ['b'], ['a', 'b', 'c']],
    ['at the top', ['b'], ['a', 'b'], ['a'], ['a', 'b']],
    ['behind its neighbour, before what was appended', ['a', 'new'], ['a', 'b'], ['b'], ['a', 'b', 'new']],
    ['each of its places', ['x', 'y'], ['b', 'x', 'b', 'y', 'b'], ['b'], ['b', 'x', 'b', 'y', 'b']],
    ['into an empty playlist', [], ['a', 'b'], ['a', 'b'], ['a', 'b']],
    ['nothing that is there already', ['b', 'a'], ['a', 'b'], ['a', 'b'], ['b', 'a']],
    ['nothing that no action puts back', ['a'], ['a', 'b', 'c'], ['c'], ['a', 'c']],
  ])('%s', (_where, live, filed, missing, result) => {
    const placed = placeReturning(sequenceFromLive(items(live)), items(filed), holders(missing));
    expect(uris(placed)).toEqual(live);
    expect(uris(revived(placed, missing).sequence)).toEqual(result);
  });

  test('says where the place could only be guessed: somebody put something between its neighbours', () => {
    const placed = placeReturning(sequenceFromLive(items(['a', 'new', 'c'])), items(['a', 'b', 'c']), holders(['b']));
    expect(revived(placed, ['b']).revived).toMatchObject([{ uri: 'b', index: 1, approximate: true }]);
  });

  test('what an earlier removal holds out comes back once, whichever of the two is undone later', () => {
    const removed = buryUris(sequenceFromLive(items(['a', 'b', 'c'])), new Map([['b', 'removal']]));
    const placed = placeReturning(removed, items(['a', 'b', 'c']), holders(['b']));
    const back = revived(placed, ['b']).sequence;
    expect(uris(back)).toEqual(['a', 'b', 'c']);
    expect(uris(reviveActions(back, new Set(['removal'])).sequence)).toEqual(['a', 'b', 'c']);
    const outAgain = buryUris(back, new Map([['b', 'undoing of the restore']]));
    expect(uris(reviveActions(outAgain, new Set(['removal'])).sequence)).toEqual(['a', 'b', 'c']);
  });

  test('a second look places nothing twice, whether or not the first one landed', () => {
    const filed = items(['a', 'b', 'c']);
    const placed = placeReturning(sequenceFromLive(items(['a', 'c'])), filed, holders(['b']));
    expect(placeReturning(placed, filed, holders(['b']))).toEqual(placed);
    const landed = alignWithLive(placed, items(['a', 'b', 'c'])).sequence;
    expect(uris(revived(landed, ['b']).sequence)).toEqual(['a', 'b', 'c']);
  });

  test('a playlist from which whole tracks were taken is the file again, and after the undoing what it was', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 14 });
    fc.assert(
      fc.property(letters, fc.subarray(['a', 'b', 'c', 'd', 'e', 'f']), (filed, gone) => {
        const live = filed.filter((uri) => !gone.includes(uri));
        const placed = placeReturning(sequenceFromLive(items(live)), items(filed), holders(gone));
        const back = revived(placed, gone).sequence;
        expect(uris(back)).toEqual(filed);
        expect(uris(buryUris(back, new Map(gone.map((uri) => [uri, 'undoing']))))).toEqual(live);
      }),
    );
  });
});
