import { createHash } from 'node:crypto';
import { episodes } from '../catalog/episodes';
import type { World } from '../conduct/world';
import { people } from '../people/people';
import type { Playlist, PlaylistItem } from '../state/model';
import { fullEpisode, fullTrack, identity } from './catalog-presenter';
import { pageOf } from './paging';
import { parseUri } from './parameters';

type Json = Record<string, unknown>;

/** The name of a playlist's present version; another after every change, a rename included. */
export function snapshotId(playlist: Playlist): string {
  const mark = createHash('sha1').update(`${playlist.id}/${playlist.version}`).digest('hex');
  return Buffer.from(`${playlist.version},${mark}`).toString('base64');
}

/** A playlist as lists show it: how many items, not which. */
export function simplifiedPlaylist(world: World, playlist: Playlist): Json {
  const items = { href: itemsHref(world, playlist), total: playlist.items.length };
  return {
    ...describe(world, playlist),
    items,
    ...(world.dialect === 'extended' ? { tracks: items } : {}),
  };
}

/** A playlist with its first items, which a development-mode app sees only of playlists the person may edit. */
export function fullPlaylist(world: World, playlist: Playlist, withItems: boolean): Json {
  const page = () =>
    pageOf({ href: itemsHref(world, playlist), limit: 100, offset: 0 }, playlist.items, (item) =>
      playlistItem(world, item),
    );
  return {
    ...describe(world, playlist),
    followers: { href: null, total: 0 },
    ...(withItems ? { items: page() } : {}),
    ...(withItems && world.dialect === 'extended' ? { tracks: page() } : {}),
  };
}

/** One entry: its `item` is null for a track that is no longer available, and a stub without id for a local file. */
export function playlistItem(world: World, entry: PlaylistItem): Json {
  const item = () => (entry.uri === null ? null : itemOf(world, entry.uri));
  return {
    added_at: entry.addedAt,
    added_by: user(world, entry.addedBy),
    is_local: entry.uri?.startsWith('spotify:local:') ?? false,
    // Made when it is asked for: a look at a playlist's state asks for one small field of each entry.
    get item() {
      return item();
    },
    ...(world.dialect === 'extended' ? { track: item() } : {}),
  };
}

/** A person as others see them. */
export function user(world: World, userId: string): Json {
  return {
    external_urls: { spotify: `https://open.spotify.com/user/${userId}` },
    href: `${world.url}/spotify/v1/users/${userId}`,
    id: userId,
    type: 'user',
    uri: `spotify:user:${userId}`,
  };
}

function describe(world: World, playlist: Playlist): Json {
  const name = people.find((person) => person.id === playlist.ownerId)?.name ?? null;
  return {
    ...identity(world, 'playlist', playlist.id),
    name: playlist.name,
    collaborative: playlist.collaborative,
    description: playlist.description,
    images: [],
    owner: { ...user(world, playlist.ownerId), display_name: name },
    public: playlist.public,
    snapshot_id: snapshotId(playlist),
  };
}

function itemsHref(world: World, playlist: Playlist): string {
  return `${world.url}/spotify/v1/playlists/${encodeURIComponent(playlist.id)}/items`;
}

function itemOf(world: World, uri: string): Json | null {
  const parsed = parseUri(uri);
  if (parsed?.kind === 'local') return localTrack(uri, parsed.id);
  const episode = parsed?.kind === 'episode' ? episodes.get(parsed.id) : undefined;
  if (episode) return fullEpisode(world, episode);
  const track = parsed?.kind === 'track' ? world.catalog.tracks.get(parsed.id) : undefined;
  return track ? fullTrack(world, track) : null;
}

// spotify:local:{artist}:{album}:{title}:{seconds}, each part form-encoded.
function localTrack(uri: string, parts: string): Json {
  const [artist = '', album = '', title = '', seconds = '0'] = parts.split(':').map(decode);
  const stub = (type: string, name: string): Json => ({
    external_urls: {},
    href: null,
    id: null,
    name,
    type,
    uri: null,
  });
  return {
    ...stub('track', title),
    uri,
    album: { ...stub('album', album), album_type: null, artists: [], images: [], release_date: null },
    artists: [stub('artist', artist)],
    disc_number: 0,
    duration_ms: Number(seconds) * 1000 || 0,
    explicit: false,
    external_ids: {},
    is_local: true,
    track_number: 0,
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
