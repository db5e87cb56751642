import { ProviderError } from '../../../domain/errors';
import { type ArtistSource, type AskedThrough, askPatiently, type FoundArtist } from '../artist-source';
import type { AppleMusicAuth, AppleMusicClient, CatalogArtist } from './types';

/** The catalog that is asked where a connection's is not known. */
const usualStorefront = 'us';

/**
 * Puts questions to Apple Music's catalog in the connection's storefront. They need our developer token alone, so a connection that
 * must be renewed serves too. Artists that a title only features are not among a song's.
 */
export function createAppleMusicArtistSource({
  client,
  quota,
}: {
  client: AppleMusicClient;
  quota: string;
}): ArtistSource {
  const ask = <T>(
    { connectionId, storefront }: AskedThrough,
    question: (auth: AppleMusicAuth, storefront: string) => Promise<T>,
  ): Promise<T> =>
    askPatiently((signal) => question({ accessToken: '', quota, connectionId, signal }, storefront ?? usualStorefront));

  return {
    search: (through, query, limit) =>
      ask(through, async (auth, storefront) =>
        (await client.searchArtists(auth, storefront, query, Math.min(limit, 10))).map(foundArtist),
      ),
    artist: (through, id) =>
      ask(through, async (auth, storefront) => foundArtist(await client.catalogArtist(auth, storefront, id))),
    credits: (through, kind, id) =>
      ask(through, async (auth, storefront) => {
        const [item] = await client[kind === 'track' ? 'catalogSongs' : 'catalogAlbums'](auth, storefront, [id]);
        if (!item) throw new ProviderError('not_found');
        return item.artists.map(foundArtist);
      }),
  };
}

function foundArtist({
  id,
  name,
  imageUrl = null,
  genres = [],
}: CatalogArtist & { imageUrl?: string | null; genres?: string[] }): FoundArtist {
  return { providerId: id, name, imageUrl, genres };
}
