import type { SandboxLibrary, SandboxTrack } from './sandbox-admin';

export interface SmallLibrary {
  library: SandboxLibrary;
  /** The artist to block: in the likes, the albums, the follows and both own playlists, there several times, and in the title of the third. */
  blockedArtistId: string;
  /** What is to be left when that artist is gone. */
  without: SandboxLibrary;
}

const minute = 60_000;
const begin = Date.UTC(2024, 0, 1);

/**
 * A library that has something of each kind and still needs few calls: three likes, two albums, two follows, two playlists, and one
 * of somebody else's.
 * @param mark makes the playlists' ids different from those of another small library
 */
export function smallLibrary(owner: string, catalog: readonly SandboxTrack[], mark = ''): SmallLibrary {
  const soloTracks = new Map<string, SandboxTrack[]>();
  for (const track of catalog) {
    const [artist] = track.artists;
    if (!artist || track.artists.length > 1) continue;
    soloTracks.set(artist.id, [...(soloTracks.get(artist.id) ?? []), track]);
  }
  const blocked = [...soloTracks].find(([, tracks]) => tracks.length >= 3);
  if (!blocked) throw new Error('The catalog has no artist with three tracks of their own.');
  const [blockedArtistId, [one, two, three]] = blocked as [string, [SandboxTrack, SandboxTrack, SandboxTrack]];
  const others = catalog.filter((track) => track.artists.every((artist) => artist.id !== blockedArtistId));
  const [keep, kept, stays, local] = [others[0], others[1], others[2], 'spotify:local:Aunt+Rosa::Lullaby:184'] as const;
  if (!keep || !kept || !stays) throw new Error('The catalog is too small.');

  let time = begin;
  const dated = <T extends object>(entry: T) => ({ ...entry, addedAt: new Date((time += minute)).toISOString() });
  const uri = (track: SandboxTrack) => `spotify:track:${track.id}`;
  const playlist = (name: string, uris: (string | null)[]) => ({
    id: `${owner}-${name}${mark}`,
    name,
    ownerId: owner,
    collaborative: false,
    items: uris.map((item) => dated({ uri: item, addedBy: owner })),
  });
  const theirs = {
    ...playlist('theirs', [uri(one), uri(keep)]),
    name: `This Is ${one.artists[0]?.name}`,
    ownerId: 'somebody-else',
  };
  const library: SandboxLibrary = {
    likes: [keep, one, two].map((track) => dated({ trackId: track.id })).reverse(),
    albums: [keep, one].map((track) => dated({ albumId: track.albumId })).reverse(),
    follows: [blockedArtistId, kept.artists[0]?.id ?? ''],
    playlists: [
      playlist('first', [uri(one), uri(keep), uri(one), uri(two), local, uri(kept), uri(one)]),
      playlist('second', [uri(stays), uri(three), null, uri(three), uri(keep), uri(keep), uri(two)]),
      theirs,
    ],
  };
  const gone = new Set([one, two, three].map(uri));
  return {
    library,
    blockedArtistId,
    without: {
      likes: library.likes.filter((like) => !gone.has(`spotify:track:${like.trackId}`)),
      albums: library.albums.filter((album) => album.albumId !== one.albumId),
      follows: library.follows.filter((id) => id !== blockedArtistId),
      playlists: library.playlists
        .filter((list) => list !== theirs)
        .map((list) => ({
          ...list,
          items: list.items.filter((item) => item.uri === null || !gone.has(item.uri)),
        })),
    },
  };
}

/** The same without anybody else's playlist: for plans that nobody looks through. */
export const onlyOwn = (small: SmallLibrary): SmallLibrary => ({
  ...small,
  library: {
    ...small.library,
    playlists: small.library.playlists.filter(({ ownerId }) => ownerId !== 'somebody-else'),
  },
});
