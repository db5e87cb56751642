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
import { parsePastedAddress, type PastedAddress } from '../../../domain/pasted-address';
import { askProvider, type ProviderAnswer } from './ask-provider';
import { describeArtists, type PresentedArtist } from './describe-artists';

export interface FoundArtists {
  items: PresentedArtist[];
  emptyReason: 'no_artist_found' | 'address_unknown' | 'address_names_no_artist';
  providerSearched: boolean;
  providerSkipped: 'not_needed' | 'no_connection' | 'provider_away' | 'not_searchable' | null;
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

async function byAddress(em: EntityManager, question: ArtistQuestion, address: PastedAddress): Promise<FoundArtists> {
  if (address.kind === 'playlist') {
    return {
      items: [],
      emptyReason: 'address_names_no_artist',
      providerSearched: false,
      providerSkipped: 'not_needed',
    };
  }
  const known = await knownAt(em, address);
  const asked = known.length > 0 ? null : await askAbout(em, question, address);
  const artists = await loadArtists(em, known.length > 0 ? known : (asked?.ids ?? []));
  return {
    items: await describeArtists(em, question.userId, artists),
    emptyReason: 'address_unknown',
    providerSearched: asked !== null && asked.skipped === null,
    providerSkipped: asked ? asked.skipped : 'not_needed',
  };
}

async function knownAt(em: EntityManager, { provider, kind, id, uri }: PastedAddress): Promise<string[]> {
  if (kind === 'track' || kind === 'album') return creditedArtists(em, kind, uri);
  const artist = await artistByProviderId(em, provider, id);
  return artist ? [artist] : [];
}

async function askAbout(
  em: EntityManager,
  question: ArtistQuestion,
  { provider, kind, id }: PastedAddress,
): Promise<ProviderAnswer> {
  if (provider !== 'spotify') return { ids: [], skipped: 'not_searchable' };
  return askProvider(em, question, async (source, connectionId) =>
    kind === 'track' || kind === 'album'
      ? source.credits(connectionId, kind, id)
      : [await source.artist(connectionId, id)],
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
