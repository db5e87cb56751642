import type { EffectiveBlock } from '../../../../domain/blocks';
import type {
  CreditedArtist,
  LibraryAlbum,
  LibraryArtist,
  LibraryPlaylist,
  LibraryTrack,
} from '../../../../domain/library';

export function creditedArtist(id: string): CreditedArtist {
  return { id, providerId: `${id}-at-provider`, name: `The ${id}` };
}

export function ownBlock(id: string): EffectiveBlock {
  const { name } = creditedArtist(id);
  return {
    artistId: id,
    artistName: name,
    aliases: [],
    sources: [{ kind: 'own' }],
    contested: false,
  };
}

export function track(
  id: string,
  about: { artists?: string[]; albumId?: string | null; albumArtistIds?: string[]; uri?: string } = {},
): LibraryTrack {
  return {
    id,
    uri: about.uri ?? trackUri(id),
    name: `Song ${id}`,
    albumId: about.albumId ?? null,
    albumName: about.albumId ? `Album ${about.albumId}` : null,
    imageUrl: null,
    url: null,
    durationMs: 180_000,
    artists: (about.artists ?? []).map(creditedArtist),
    albumArtistIds: about.albumArtistIds ?? [],
  };
}

export function trackUri(id: string): string {
  return `spotify:track:${id}`;
}

export function album(id: string, ...artists: string[]): LibraryAlbum {
  const name = `Album ${id}`;
  return { id, uri: `spotify:album:${id}`, name, imageUrl: null, url: null, artists: artists.map(creditedArtist) };
}

export function libraryArtist(id: string): LibraryArtist {
  return { ...creditedArtist(id), uri: `spotify:artist:${id}`, imageUrl: null, url: null };
}

export function playlist(
  providerId: string,
  uris: readonly (string | null)[],
  about: Partial<LibraryPlaylist> = {},
): LibraryPlaylist {
  return {
    providerId,
    name: `Playlist ${providerId}`,
    ownedByPerson: true,
    collaborative: false,
    editable: true,
    snapshotId: 'snapshot',
    items: uris.map((uri) => ({ uri, addedAt: null, addedBy: 'person' })),
    ...about,
  };
}

export function byUri<T extends { uri: string }>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((item) => [item.uri, item]));
}
