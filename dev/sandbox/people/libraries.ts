import type { Catalog, CatalogTrack } from '../catalog/catalog';
import { base62Id } from '../catalog/ids';
import { wholeSeconds } from '../state/bookkeeping';
import type { Library, Playlist, Shelves } from '../state/model';
import { listenerPlaylists, uriOf, type PlaylistDraft } from './listener-playlists';
import { people } from './people';
import { Random } from './random';

const day = 86_400_000;
const firstDay = Date.UTC(2016, 2, 1);
const lastDay = Date.UTC(2026, 1, 28);

/** The libraries that people have before anything happens to them; the same catalog always gives the same ones. */
export function initialShelves(catalog: Catalog): Shelves {
  const random = new Random(20160301);
  const pool = favourites(catalog, random);
  const duets = random.shuffle(pool.filter((track) => track.artists.length > 1));
  const likes = [...duets.slice(0, 60), ...pool.filter((track) => !duets.slice(0, 60).includes(track))].slice(0, 800);
  const small = Object.fromEntries(
    people.map((person, place) => [person.id, pool.slice(place * 25, place * 25 + 60)] as const),
  );
  const drafts: [string, PlaylistDraft[]][] = [
    ['listener', listenerPlaylists(likes, duets, random)],
    ...people.slice(1).map(({ id }): [string, PlaylistDraft[]] => [id, smallPlaylists(id, small[id] ?? [])]),
  ];
  const playlists: Record<string, Playlist> = {};
  const lists = new Map(people.map(({ id }) => [id, [] as string[]]));
  for (const [userId, own] of drafts) {
    for (const draft of own) {
      const playlist = playlistOf(draft, random);
      playlists[playlist.id] = playlist;
      for (const keeper of new Set([userId, draft.ownerId])) lists.get(keeper)?.push(playlist.id);
    }
  }
  const libraries: Record<string, Library> = {};
  for (const { id } of people) {
    const kept = id === 'listener' ? likes : (small[id] ?? []);
    const size = id === 'listener' ? { albums: 40, follows: 30 } : { albums: 4, follows: 5 };
    libraries[id] = libraryFrom(kept, size, lists.get(id) ?? [], random);
  }
  return { libraries, playlists };
}

/** Tracks of artists who have several come first: a library knows its artists better than chance does. */
function favourites(catalog: Catalog, random: Random): CatalogTrack[] {
  const counts = new Map<string, number>();
  const tracks = [...catalog.tracks.values()];
  for (const artist of tracks.flatMap((track) => track.artists))
    counts.set(artist.id, (counts.get(artist.id) ?? 0) + 1);
  const weight = (track: CatalogTrack) => Math.max(...track.artists.map((artist) => counts.get(artist.id) ?? 0));
  const several = random.shuffle(tracks.filter((track) => weight(track) > 1));
  return [...several, ...random.shuffle(tracks.filter((track) => weight(track) <= 1))];
}

function libraryFrom(
  kept: CatalogTrack[],
  size: { albums: number; follows: number },
  playlistIds: string[],
  random: Random,
): Library {
  const dates = (count: number) => randomDates(count, random);
  const likeDates = dates(kept.length);
  const albumIds = [...new Set(random.shuffle(kept).map((track) => track.albumId))].slice(0, size.albums);
  const albumDates = dates(albumIds.length);
  const follows = [...new Set(kept.flatMap((track) => track.artists.map((artist) => artist.id)))];
  return {
    likes: random.shuffle(kept).map((track, place) => ({ trackId: track.id, addedAt: likeDates[place] ?? '' })),
    albums: albumIds.map((albumId, place) => ({ albumId, addedAt: albumDates[place] ?? '' })),
    follows: random.pick(follows, size.follows),
    playlistIds,
  };
}

function smallPlaylists(ownerId: string, tracks: CatalogTrack[]): PlaylistDraft[] {
  const own = (name: string, from: number, to: number): PlaylistDraft => ({
    name,
    ownerId,
    collaborative: false,
    uris: tracks.slice(from, to).map(uriOf),
  });
  return [own('Favourites', 0, 25), own('Sunday', 15, 40)];
}

function playlistOf(draft: PlaylistDraft, random: Random): Playlist {
  const dates = randomDates(draft.uris.length, random).toReversed();
  return {
    id: base62Id('playlist', draft.ownerId, draft.name),
    name: draft.name,
    ownerId: draft.ownerId,
    collaborative: draft.collaborative,
    public: !draft.collaborative,
    description: '',
    version: 1,
    items: draft.uris.map((uri, place) => ({
      uri,
      addedAt: dates[place] ?? wholeSeconds(firstDay),
      addedBy: draft.guestId && place % 3 === 2 ? draft.guestId : draft.ownerId,
    })),
  };
}

// Newest first, to the second, no two the same.
function randomDates(count: number, random: Random): string[] {
  const span = (lastDay - firstDay) / day;
  const times = Array.from({ length: count }, () => firstDay + random.below(span) * day + random.below(86_400) * 1000);
  return times.sort((a, b) => b - a).map((time, place) => wholeSeconds(time - place));
}
