import { artistByProviderId, creditedArtists, recordingArtists } from '../../../adapters/postgres/addressed-artists';
import { type ArtistHit, knownArtists, loadArtists, searchCatalog } from '../../../adapters/postgres/artist-search';
import { currentArtistId } from '../../../adapters/postgres/current-artists';
import type { EntityManager } from '../../../adapters/postgres/orm';
import type { ArtistSources } from '../../../adapters/providers/artist-source';
import { answeringAlias, answerQuality, isGoodAnswer, rankArtists } from '../../../domain/artist-ranking';
import type { StreamingProvider } from '../../../domain/capabilities';
import { parsePastedAddress, type PastedAddress } from '../../../domain/pasted-address';
import { askProvider, askProviders, type ProviderAnswer } from './ask-provider';
import { describeArtists, describeArtistsById, type PresentedArtist } from './describe-artists';

/** An artist with the alias that the search found them by, where it is not by their name. */
export type PresentedHit = PresentedArtist & {
  matchedAlias: { name: string; locale: string | null; source: string } | null;
};

export interface FoundArtists {
  items: PresentedHit[];
  emptyReason: 'no_artist_found' | 'address_unknown' | 'address_names_no_artist' | 'not_imported';
  providerSearched: boolean;
  searchedProvider: StreamingProvider | null;
  providerSkipped: 'not_needed' | 'no_connection' | 'provider_away' | 'not_searchable' | null;
}

export interface ArtistQuestion {
  userId: string;
  query: string;
  limit: number;
  sources: ArtistSources;
}

/** Answers a pasted address by whom it names, and anything else by name: the catalog first, then the providers. */
export async function findArtists(em: EntityManager, question: ArtistQuestion): Promise<FoundArtists> {
  const address = parsePastedAddress(question.query);
  if (!address) return byName(em, question);
  const named = await byAddress(em, question, address);
  // A bare id of Spotify's can also be somebody's name.
  const isBare = address.provider === 'spotify' && question.query.trim() === address.id;
  return named.items.length === 0 && isBare ? byName(em, question) : named;
}

async function byAddress(em: EntityManager, question: ArtistQuestion, address: PastedAddress): Promise<FoundArtists> {
  if (address.kind === 'playlist') return answered([], 'address_names_no_artist', 'not_needed');
  const known = await knownAt(em, address);
  const asked = known.length > 0 ? 'not_needed' : await askAbout(em, question, address);
  const ids = typeof asked === 'string' ? known : asked.ids;
  const items = await describeArtistsById(em, question.userId, ids);
  const unknown = address.provider === 'musicbrainz' ? 'not_imported' : 'address_unknown';
  return answered(
    items.map((item) => ({ ...item, matchedAlias: null })),
    unknown,
    asked,
  );
}

async function knownAt(em: EntityManager, { provider, kind, id, uri }: PastedAddress): Promise<string[]> {
  if (provider === 'musicbrainz' && kind === 'track') return recordingArtists(em, id);
  if (kind === 'track' || kind === 'album') return creditedArtists(em, kind, uri);
  const artist = await artistByProviderId(em, provider, id);
  // A bare id of this form may be one of ours, from an answer or a file.
  return artist ? [artist] : provider === 'musicbrainz' ? knownArtists(em, [await currentArtistId(em, id)]) : [];
}

/** MusicBrainz is not asked: what it knows comes with imports. */
async function askAbout(
  em: EntityManager,
  question: ArtistQuestion,
  { provider, kind, id }: PastedAddress,
): Promise<ProviderAnswer | 'not_searchable'> {
  if (provider === 'musicbrainz') return 'not_searchable';
  return askProvider(em, question, provider, async (source, through) =>
    kind === 'track' || kind === 'album' ? source.credits(through, kind, id) : [await source.artist(through, id)],
  );
}

async function byName(em: EntityManager, question: ArtistQuestion): Promise<FoundArtists> {
  const { query, limit, userId } = question;
  const fromCatalog = await searchCatalog(em, query, limit);
  const good = fromCatalog.filter((hit) => isGoodAnswer(answerQuality(query, hit)));
  const asked =
    good.length >= limit
      ? 'not_needed'
      : await askProviders(em, question, (source, through) => source.search(through, query, 10));
  const hits = await withProviders(em, fromCatalog, typeof asked === 'string' ? [] : asked.ids);
  const described = await describeArtists(em, userId, hits);
  const candidates = hits.map((hit, n) => {
    const item = described[n]!;
    return { ...hit, item, inLibrary: item.inLibrary.tracks > 0 };
  });
  const items = rankArtists(query, candidates)
    .slice(0, limit)
    .map((candidate): PresentedHit => {
      const alias = answeringAlias(query, candidate);
      const matchedAlias = alias && { name: alias.name, locale: alias.locale || null, source: alias.source };
      return { ...candidate.item, matchedAlias };
    });
  return answered(items, 'no_artist_found', asked);
}

async function withProviders(em: EntityManager, known: ArtistHit[], ids: readonly string[]): Promise<ArtistHit[]> {
  const have = new Set(known.map(({ id }) => id));
  const others = await loadArtists(
    em,
    ids.filter((id) => !have.has(id)),
  );
  return [...known, ...others.map((artist): ArtistHit => ({ ...artist, nameMet: true, metAliases: [] }))];
}

function answered(
  items: PresentedHit[],
  emptyReason: FoundArtists['emptyReason'],
  asked: ProviderAnswer | 'not_needed' | 'not_searchable',
): FoundArtists {
  if (typeof asked === 'string')
    return { items, emptyReason, providerSearched: false, searchedProvider: null, providerSkipped: asked };
  const { provider, skipped } = asked;
  return {
    items,
    emptyReason,
    providerSearched: skipped === null,
    searchedProvider: provider,
    providerSkipped: skipped,
  };
}
