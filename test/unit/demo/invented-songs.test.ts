import { withSongs } from '../../../dev/demo/appeal/invented-songs';
import { libraryOf, playlistOf } from './support';

const track = (id: string) => ({
  id,
  name: id,
  artists: [{ id: 'invented', name: 'The Invented Few' }],
  albumId: 'made-up',
});
const own = libraryOf(['a', 'b'], [playlistOf('mix', ['a'])]);
const tracks = [track('x'), track('y')];

test('invented songs come into a library beside what is there', () => {
  const { likes, albums, follows, playlists } = withSongs(own, tracks, 'listener');
  expect(likes.map(({ trackId }) => trackId)).toEqual(['a', 'b', 'x', 'y']);
  expect(albums.map(({ albumId }) => albumId)).toEqual(['album', 'made-up']);
  expect(follows).toEqual(['artist', 'invented']);
  expect(playlists[0]).toEqual(own.playlists[0]);
  expect(playlists[1]?.items.map(({ uri }) => uri)).toEqual([
    'spotify:track:x',
    'spotify:track:a',
    'spotify:track:y',
    'spotify:track:b',
  ]);
});

test('those of a demo that was killed are not there twice', () => {
  const once = withSongs(own, tracks, 'listener');
  expect(withSongs(once, tracks, 'listener')).toMatchObject({
    likes: once.likes,
    follows: once.follows,
    albums: [{ albumId: 'album' }, { albumId: 'made-up' }],
    playlists: [{ id: 'mix' }, { id: 'listener-invented' }],
  });
});
