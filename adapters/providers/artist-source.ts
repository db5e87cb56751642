import { ProviderError } from '../../domain/errors';
import type { StreamingProvider } from '../../domain/capabilities';

/** An artist as the provider names it; the image is null and genres are empty where the answer has none. */
export interface FoundArtist {
  providerId: string;
  name: string;
  imageUrl: string | null;
  genres: string[];
}

/** The person's connection that a question is put through, and which catalog it sees, where that is known (Apple Music). */
export interface AskedThrough {
  connectionId: string;
  storefront: string | null;
}

/** Questions about artists, put to a provider through a connection of a person's. No token leaves it. Each throws ProviderError, `not_found` included. */
export interface ArtistSource {
  /** At most 10, best first. */
  search(through: AskedThrough, query: string, limit: number): Promise<FoundArtist[]>;
  artist(through: AskedThrough, id: string): Promise<FoundArtist>;
  /** The artists credited on a track or an album, in credit order. */
  credits(through: AskedThrough, kind: 'track' | 'album', id: string): Promise<FoundArtist[]>;
}

/** One for each provider that is configured. */
export type ArtistSources = Partial<Record<StreamingProvider, ArtistSource>>;

/** Longest wait for an answer that a person is looking at a search box for, in milliseconds. */
const patience = 4_000;

/** Asks with a signal that ends the question where the answer would come too late; that is `unavailable`, code `timeout`. */
export async function askPatiently<T>(question: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(patience);
  try {
    return await question(signal);
  } catch (error) {
    if (signal.aborted) throw new ProviderError('unavailable', { code: 'timeout' });
    throw error;
  }
}
