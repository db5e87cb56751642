import {
  artistByProviderId,
  creditedArtists,
  loadArtists,
  searchCatalog,
  type ArtistRow,
} from '../../../adapters/postgres/artist-search';
import type { EntityManager } from '../../../adapters/postgres/orm';
import type { ArtistSource } from '../../../adapters/providers/spotify/artist-source';
import { isGoodAnswer, matchQuality, rankArtists } from '../../../domain/artist-ranking';
import { formatSpotifyUri, parsePastedAddress, type PastedAddress } from '../../../domain/provider-uri';
import { askProvider, type ProviderAnswer } from './ask-provider';
import { describeArtists, type PresentedArtist } from './describe-artists';

export interface FoundArtists {
  items: PresentedArtist[];
  emptyReason: 'no_artist_found' | 'address_unknown' | 'address_names_no_artist';
  providerSearched: boolean;
  providerSkipped: 'not_needed' | 'no_connection' | 'provider_away' | null;
}

export interface ArtistQuestion {
  userId: string;
  query: string;
  limit: number;
  source: ArtistSource | null;
}

/** Answers a pasted address by whom it names, and anything else by name: the catalog first, then the provider. */
export async function findArtists(em: EntityManager, question: ArtistQuestion): Promise<FoundArtists> {
  const address = parsePastedAddress(question.query);
  if (!address) return byName(em, question);
  const named = await byAddress(em, question, address);
  // A bare id can also be somebody's name.
  return named.items.length === 0 && question.query.trim() === address.id ? byName(em, question) : named;
}

async function byAddress(
  em: EntityManager,
  question: ArtistQuestion,
  { kind, id }: PastedAddress,
): Promise<FoundArtists> {
  if (kind === 'playlist') {
    return {
      items: [],
      emptyReason: 'address_names_no_artist',
      providerSearched: false,
      providerSkipped: 'not_needed',
    };
  }
  const known = await knownAt(em, kind, id);
  const asked = known.length > 0 ? null : await askAbout(em, question, kind, id);
  const artists = await loadArtists(em, known.length > 0 ? known : (asked?.ids ?? []));
  return {
    items: await describeArtists(em, question.userId, artists),
    emptyReason: 'address_unknown',
    providerSearched: asked !== null && asked.skipped === null,
    providerSkipped: asked ? asked.skipped : 'not_needed',
  };
}

async function knownAt(em: EntityManager, kind: 'artist' | 'track' | 'album', id: string): Promise<string[]> {
  if (kind !== 'artist') return creditedArtists(em, kind, formatSpotifyUri(kind, id));
  const artist = await artistByProviderId(em, 'spotify', id);
  return artist ? [artist] : [];
}

function askAbout(
  em: EntityManager,
  question: ArtistQuestion,
  kind: 'artist' | 'track' | 'album',
  id: string,
): Promise<ProviderAnswer> {
  return askProvider(em, question, async (source, connectionId) =>
    kind === 'artist' ? [await source.artist(connectionId, id)] : source.credits(connectionId, kind, id),
  );
}

async function byName(em: EntityManager, question: ArtistQuestion): Promise<FoundArtists> {
  const { query, limit, userId } = question;
  const fromCatalog = await searchCatalog(em, query, limit);
  const good = fromCatalog.filter(({ foldedName }) => isGoodAnswer(matchQuality(query, foldedName)));
  const asked =
    good.length >= limit
      ? null
      : await askProvider(em, question, (source, connectionId) => source.search(connectionId, query, 10));
  const artists = await withProviders(em, fromCatalog, asked?.ids ?? []);
  const described = await describeArtists(em, userId, artists);
  const candidates = artists.map(({ foldedName }, n) => {
    const item = described[n]!;
    return { item, foldedName, inLibrary: item.inLibrary.tracks > 0 };
  });
  return {
    items: rankArtists(query, candidates)
      .slice(0, limit)
      .map(({ item }) => item),
    emptyReason: 'no_artist_found',
    providerSearched: asked !== null && asked.skipped === null,
    providerSkipped: asked ? asked.skipped : 'not_needed',
  };
}

async function withProviders(em: EntityManager, known: ArtistRow[], ids: readonly string[]): Promise<ArtistRow[]> {
  const have = new Set(known.map(({ id }) => id));
  return [
    ...known,
    ...(await loadArtists(
      em,
      ids.filter((id) => !have.has(id)),
    )),
  ];
}
