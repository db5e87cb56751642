import { addArtistDetails } from '../../../adapters/postgres/artist-details';
import { rememberArtists } from '../../../adapters/postgres/catalog';
import { usableConnection } from '../../../adapters/postgres/connection-reads';
import type { EntityManager } from '../../../adapters/postgres/orm';
import type { ArtistSource, ArtistSources, AskedThrough, FoundArtist } from '../../../adapters/providers/artist-source';
import { type StreamingProvider, providers } from '../../../domain/capabilities';
import { ProviderError } from '../../../domain/errors';

/** What asking providers came to; `ids` are the catalog's, in the provider's order. */
export interface ProviderAnswer {
  ids: string[];
  /** Who answered last, if anybody did. */
  provider: StreamingProvider | null;
  skipped: 'no_connection' | 'provider_away' | null;
}

type Question = (source: ArtistSource, through: AskedThrough) => Promise<FoundArtist[]>;

export interface Asking {
  userId: string;
  sources: ArtistSources;
}

/**
 * Puts a question to the providers that the person is connected to, one after the other until one knows somebody, and keeps the
 * artists that come back. A provider that is away, or refuses, costs its answer and never the request.
 */
export async function askProviders(em: EntityManager, asking: Asking, question: Question): Promise<ProviderAnswer> {
  let answer: ProviderAnswer = { ids: [], provider: null, skipped: 'no_connection' };
  for (const provider of providers) {
    const next = await askProvider(em, asking, provider, question);
    if (next.ids.length > 0) return next;
    // Whoever answered that there is nobody says more than whoever did not answer.
    if (next.skipped === null || (next.skipped === 'provider_away' && answer.skipped !== null)) answer = next;
  }
  return answer;
}

/** The same, of one provider. */
export async function askProvider(
  em: EntityManager,
  { userId, sources }: Asking,
  provider: StreamingProvider,
  question: Question,
): Promise<ProviderAnswer> {
  const source = sources[provider];
  const through = source ? await usableConnection(em, userId, provider) : null;
  if (!source || !through) return { ids: [], provider: null, skipped: 'no_connection' };
  try {
    const found = await question(source, through);
    const ids = await rememberArtists(em, provider, found);
    const known = found.flatMap(({ providerId, imageUrl, genres }) => {
      const artistId = ids.get(providerId);
      return artistId === undefined ? [] : { artistId, imageUrl, genres };
    });
    await addArtistDetails(em, provider, known);
    return { ids: known.map(({ artistId }) => artistId), provider, skipped: null };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const answered = error.failure === 'not_found' || error.failure === 'invalid';
    return { ids: [], provider: answered ? provider : null, skipped: answered ? null : 'provider_away' };
  }
}
