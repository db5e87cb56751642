import { searchAlbums, searchArtists, searchTracks } from '../catalog/search';
import { queryText, type Call, type World } from '../conduct/world';
import { fullAlbum, fullArtist, fullTrack, simplifiedAlbum, simplifiedTrack } from './catalog-presenter';
import { SpotifyError } from './errors';
import { hrefOf, pageOf } from './paging';
import { readPage } from './parameters';

const kinds = ['album', 'artist', 'playlist', 'track', 'show', 'episode', 'audiobook'];

/** `GET /search`: artists, tracks and albums by words; at most ten of each kind, five where nothing is said. */
export function search(world: World, call: Call): void {
  const query = queryText(call, 'q')?.trim();
  const types = queryText(call, 'type')?.split(',') ?? [];
  if (!query) throw new SpotifyError(400, 'No search query');
  if (types.length === 0 || !types.every((type) => kinds.includes(type)))
    throw new SpotifyError(400, 'Bad search type field');
  const address = {
    href: hrefOf(world, call),
    ...readPage(call, { standard: 5, max: world.dialect === 'extended' ? 50 : 10 }),
  };
  const { catalog } = world;
  const answers: Record<string, () => unknown> = {
    artist: () => pageOf(address, searchArtists(catalog, query), (artist) => fullArtist(world, artist)),
    track: () => pageOf(address, searchTracks(catalog, query), (track) => fullTrack(world, track)),
    album: () => pageOf(address, searchAlbums(catalog, query), (album) => simplifiedAlbum(world, album)),
  };
  const empty = () => pageOf(address, [], (nothing) => nothing);
  call.body = Object.fromEntries(types.map((type) => [`${type}s`, (answers[type] ?? empty)()]));
}

/** `GET /artists/{id}`. */
export function readArtist(world: World, call: Call): void {
  call.body = fullArtist(world, found(world.catalog.artists.get(call.params['id'] ?? '')));
}

/** `GET /albums/{id}` with its tracks. */
export function readAlbum(world: World, call: Call): void {
  call.body = fullAlbum(world, found(world.catalog.albums.get(call.params['id'] ?? '')));
}

/** `GET /albums/{id}/tracks`. */
export function readAlbumTracks(world: World, call: Call): void {
  const album = found(world.catalog.albums.get(call.params['id'] ?? ''));
  const address = { href: hrefOf(world, call), ...readPage(call, { standard: 20, max: 50 }) };
  call.body = pageOf(address, album.tracks, (track) => simplifiedTrack(world, track));
}

/** `GET /tracks/{id}`. */
export function readTrack(world: World, call: Call): void {
  call.body = fullTrack(world, found(world.catalog.tracks.get(call.params['id'] ?? '')));
}

function found<T>(thing: T | undefined): T {
  if (!thing) throw new SpotifyError(404, 'Resource not found');
  return thing;
}
