import { sourceKeys, subjectsOfRemoved, withdrawalNews } from '../../../domain/source-withdrawals';
import { album, byUri, libraryArtist, track } from './support/library';

describe('what the journal calls a source', () => {
  it('is an artist on a list, each once, in whatever version', () => {
    expect(sourceKeys({ kind: 'list', listId: 'l' }, ['a', 'b', 'a'])).toEqual(['list:l:a', 'list:l:b']);
    expect(sourceKeys({ kind: 'list', listId: 'l' }, [])).toEqual([]);
  });

  it('is an offense, whatever category it is moved to and whoever its artist becomes', () => {
    const offense = (category: string) => ({ kind: 'category' as const, category, offenseId: 'o' });
    expect(sourceKeys(offense('fraud'), ['a'])).toEqual(['offense:o']);
    expect(sourceKeys(offense('hate_speech'), ['b', 'c'])).toEqual(['offense:o']);
  });
});

describe('what a person hears of a withdrawn source', () => {
  it.each([
    ['later', { underWay: true, offered: 0 }],
    ['later', { underWay: true, offered: 3 }],
    ['nothing', { underWay: false, offered: 0 }],
    ['offer', { underWay: false, offered: 1 }],
  ] as const)('is: %s', (news, found) => {
    expect(withdrawalNews(found)).toBe(news);
  });
});

it('asks about everybody who can keep something out, and about the songs and albums themselves', () => {
  const song = track('song', { artists: ['a', 'b'], albumId: 'x', albumArtistIds: ['c'] });
  const catalog = {
    tracks: byUri([song]),
    albums: byUri([album('y', 'd')]),
    artists: byUri([libraryArtist('e')]),
  };
  expect(subjectsOfRemoved([{ artistIds: ['f'] }, { artistIds: ['a'] }], catalog)).toEqual({
    artistIds: ['f', 'a', 'b', 'c', 'd', 'e'],
    trackIds: ['song'],
    albumIds: ['x', 'y'],
  });
});
