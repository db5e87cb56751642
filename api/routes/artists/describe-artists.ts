import type { z } from 'zod';
import { artistPresence, type Presence } from '../../../adapters/postgres/artist-presence';
import type { ArtistRow } from '../../../adapters/postgres/artist-search';
import { loadEffectiveBlocks } from '../../../adapters/postgres/effective-blocks';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { spotifyAddress } from '../../../domain/provider-uri';
import type { artistSchema } from './schema';

export type PresentedArtist = z.input<typeof artistSchema>;

/** Artists as one person sees them: whether blocked, and how much of each is in their library. */
export async function describeArtists(
  em: EntityManager,
  userId: string,
  artists: readonly ArtistRow[],
): Promise<PresentedArtist[]> {
  if (artists.length === 0) return [];
  const ids = artists.map(({ id }) => id);
  const blocks = await loadEffectiveBlocks(em, userId, new Date(), ids);
  const blocked = new Set(blocks.map(({ artistId }) => artistId));
  const presenceOf = await artistPresence(em, userId, ids);
  return artists.map((artist) => presentArtist(artist, blocked.has(artist.id), presenceOf(artist.id)));
}

function presentArtist(artist: ArtistRow, blocked: boolean, inLibrary: Presence): PresentedArtist {
  const spotify = artist.providerIds.spotify ?? [];
  return {
    id: artist.id,
    name: artist.name,
    disambiguation: artist.disambiguation,
    aliases: artist.aliases,
    providerIds: {
      spotify,
      apple_music: artist.providerIds.apple_music ?? [],
      musicbrainz: artist.providerIds.musicbrainz ?? [],
    },
    genres: artist.genres,
    imageUrl: artist.imageUrl,
    urls: spotify[0] === undefined ? {} : { spotify: spotifyAddress('artist', spotify[0]) },
    blocked,
    inLibrary,
  };
}
