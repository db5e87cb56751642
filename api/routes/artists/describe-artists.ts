import type { z } from 'zod';
import { artistPresence, type Presence } from '../../../adapters/postgres/artist-presence';
import { type ArtistRow, loadArtists } from '../../../adapters/postgres/artist-search';
import { blockedAmong } from '../../../adapters/postgres/effective-blocks';
import type { EntityManager } from '../../../adapters/postgres/orm';
import type { StreamingProvider } from '../../../domain/capabilities';
import { artistUri, itemAddress } from '../../../domain/item-address';
import { musicBrainzArtistAddress } from '../../../domain/musicbrainz-address';
import type { artistSchema } from './schema';

export type PresentedArtist = z.input<typeof artistSchema>;

/** Artists as one person sees them: whether blocked, and how much of each is in their library. */
export async function describeArtists(
  em: EntityManager,
  userId: string,
  artists: readonly ArtistRow[],
): Promise<PresentedArtist[]> {
  const present = await presenterFor(
    em,
    userId,
    artists.map(({ id }) => id),
  );
  return artists.map(present);
}

/** The same by id, in the order of the ids; unknown ones are left out. */
export async function describeArtistsById(
  em: EntityManager,
  userId: string,
  ids: readonly string[],
): Promise<PresentedArtist[]> {
  const [artists, present] = await Promise.all([loadArtists(em, ids), presenterFor(em, userId, ids)]);
  return artists.map(present);
}

async function presenterFor(
  em: EntityManager,
  userId: string,
  ids: readonly string[],
): Promise<(artist: ArtistRow) => PresentedArtist> {
  const [blocked, presenceOf] = await Promise.all([blockedAmong(em, userId, ids), artistPresence(em, userId, ids)]);
  return (artist) => presentArtist(artist, blocked.has(artist.id), presenceOf(artist.id));
}

function presentArtist(artist: ArtistRow, blocked: boolean, inLibrary: Presence): PresentedArtist {
  const { spotify = [], apple_music = [], musicbrainz = [] } = artist.providerIds;
  return {
    id: artist.id,
    name: artist.name,
    disambiguation: artist.disambiguation,
    aliases: artist.aliases,
    providerIds: { spotify, apple_music, musicbrainz },
    genres: artist.genres,
    imageUrl: artist.imageUrl,
    urls: {
      ...pageOf('spotify', spotify),
      ...pageOf('apple_music', apple_music),
      ...(musicbrainz[0] === undefined ? {} : { musicbrainz: musicBrainzArtistAddress(musicbrainz[0]) }),
    },
    blocked,
    inLibrary,
  };
}

/** The artist's page at a provider, by the first of their ids there. */
function pageOf(provider: StreamingProvider, [id]: readonly string[]): Record<string, string> {
  const url = id === undefined ? null : itemAddress(artistUri(provider, id))?.url;
  return url ? { [provider]: url } : {};
}
