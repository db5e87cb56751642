import { rememberArtists } from '../../../adapters/postgres/catalog';
import { usableConnection } from '../../../adapters/postgres/connection-reads';
import type { EntityManager } from '../../../adapters/postgres/orm';
import type { ArtistSource, FoundArtist } from '../../../adapters/providers/spotify/artist-source';
import { ProviderError } from '../../../domain/errors';

/** What asking the provider came to; `ids` are the catalog's, in the provider's order. */
export interface ProviderAnswer {
  ids: string[];
  skipped: 'no_connection' | 'provider_away' | 'not_searchable' | null;
}

/**
 * Puts a question to Spotify through one of the person's connections and keeps the artists that come back. A provider that
 * is away, or refuses, costs the answer and never the request.
 */
export async function askProvider(
  em: EntityManager,
  { userId, source }: { userId: string; source: ArtistSource | null },
  question: (source: ArtistSource, connectionId: string) => Promise<FoundArtist[]>,
): Promise<ProviderAnswer> {
  const connectionId = source ? await usableConnection(em, userId, 'spotify') : null;
  if (!source || !connectionId) return { ids: [], skipped: 'no_connection' };
  try {
    const found = await question(source, connectionId);
    const ids = await rememberArtists(em, 'spotify', found);
    return { ids: found.flatMap(({ providerId }) => ids.get(providerId) ?? []), skipped: null };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const answered = error.failure === 'not_found' || error.failure === 'invalid';
    return { ids: [], skipped: answered ? null : 'provider_away' };
  }
}
