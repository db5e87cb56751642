import { writeFileSync } from 'node:fs';
import { loadCatalog } from '../../dev/sandbox/catalog/catalog';
import { formatCsvRow } from '../../dev/sandbox/catalog/csv';
import { base62Id } from '../../dev/sandbox/catalog/ids';
import { Random } from '../../dev/sandbox/people/random';
import type { SandboxLibrary } from '../../dev/connected-account/sandbox-admin';

const artistCount = 8_000;
const trackCount = 15_000;
/** The weight of an artist is 1 / (rank + this): the best known has five times the tracks of the eightieth. */
const fame = 20;
const featuredShare = 0.15;
const owner = 'listener';

/** How many playlists, and of how many items each. */
export interface Scene {
  playlists: number;
  playlistLength: number;
}

export const usualScene: Scene = { playlists: 100, playlistLength: 100 };
export const bigScene: Scene = { playlists: 500, playlistLength: 60 };

export interface MadeUpLibrary {
  library: SandboxLibrary;
  /** 1,000 artists, every eighth from the best known to the least: about an eighth of the library is theirs. */
  blockedArtistIds: string[];
  /** Who is credited on each track, the one whose it is first. */
  creditsByTrack: Map<string, string[]>;
}

interface MadeUpTrack {
  id: string;
  /** Ranks. */
  artists: number[];
}

const artists = Array.from({ length: artistCount }, (_, rank) => base62Id('artist', `bench ${rank}`));
const secondsBefore = (seconds: number) => new Date(Date.UTC(2026, 0, 1) - seconds * 1_000).toISOString();

/**
 * Writes a sandbox catalog to `catalogPath` and makes a library over it: 10,000 likes, the scene's playlists, 200 albums
 * and 150 follows. Every artist has a liked track. The same at each call.
 */
export function madeUpLibrary(catalogPath: string, { playlists, playlistLength }: Scene): MadeUpLibrary {
  const random = new Random(20_261_124);
  const tracks = madeUpTracks(random);
  writeFileSync(catalogPath, catalogOf(tracks));
  const albums = [...loadCatalog(catalogPath).albums.keys()];
  const anyTrack = () => tracks[random.below(trackCount)]?.id ?? '';
  return {
    library: {
      likes: tracks.slice(0, 10_000).map(({ id }, n) => ({ trackId: id, addedAt: secondsBefore(n * 3_600) })),
      albums: albums
        .filter((_, n) => n % 40 === 0)
        .slice(0, 200)
        .map((albumId, n) => ({ albumId, addedAt: secondsBefore(n * 86_400) })),
      follows: artists.slice(0, 150),
      playlists: Array.from({ length: playlists }, (_, n) => ({
        id: base62Id('playlist', `bench ${n}`),
        name: `Playlist ${n}`,
        ownerId: owner,
        collaborative: false,
        items: Array.from({ length: playlistLength }, (_, place) => ({
          uri: `spotify:track:${anyTrack()}`,
          addedAt: secondsBefore(n * 86_400 + place),
          addedBy: owner,
        })),
      })),
    },
    blockedArtistIds: artists.filter((_, rank) => rank % 8 === 0),
    creditsByTrack: new Map(tracks.map(({ id, artists: ranks }) => [id, ranks.map((rank) => artists[rank] ?? '')])),
  };
}

function madeUpTracks(random: Random): MadeUpTrack[] {
  const draw = byFame(random);
  return Array.from({ length: trackCount }, (_, n) => {
    const main = n < artistCount ? n : draw();
    const guest = random.next() < featuredShare ? draw() : main;
    return { id: base62Id('track', `bench ${n}`), artists: [...new Set([main, guest])] };
  });
}

function catalogOf(tracks: readonly MadeUpTrack[]): string {
  const rows = tracks.map(({ id, artists: ranks }, n) => [
    id,
    `Track ${n}`,
    ranks.map((rank) => artists[rank]).join('|'),
    ranks.map((rank) => `Artist ${rank}`).join('|'),
    String(1970 + (n % 55)),
    'rock',
    String(180_000 + (n % 120) * 1_000),
  ]);
  const header = ['track_id', 'track_name', 'artist_ids', 'artist_names', 'release_date', 'genre', 'duration_ms'];
  return [header, ...rows].map(formatCsvRow).join('');
}

/** Draws ranks by their weight. */
function byFame(random: Random): () => number {
  const sums: number[] = [];
  for (let rank = 0, sum = 0; rank < artistCount; rank += 1) {
    sum += 1 / (rank + fame);
    sums.push(sum);
  }
  return () => {
    const wanted = random.next() * (sums.at(-1) ?? 0);
    return sums.findIndex((sum) => sum >= wanted);
  };
}
