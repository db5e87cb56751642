import { type ArtistResolution, resolveByEvidence, resolveByIds } from '../../domain/artist-resolution';
import { type ArtistFacts, artistProfileOf } from '../../domain/linkage/artist';
import { artistCandidates, artistNameTable } from '../lancedb/artists';
import { IndexUnusable, type VectorDatabase } from '../lancedb/database';
import { VectorTable } from '../lancedb/vector-table';
import { artistFacts, artistsOnRecordings } from '../postgres/artist-facts';
import { lookUpArtists } from '../postgres/artist-lookup';
import type { EntityManager } from '../postgres/orm';

export interface ResolvedArtists {
  /** In the order of the questions. */
  resolutions: ArtistResolution[];
  /** Why the index was not asked; null where it was. Names are then found only as they are written. */
  indexLeftOut: IndexUnusable['reason'] | null;
}

/** Names that the index is asked for of each artist; the others are looked up as they are written. */
const namesSearched = 3;
/** Artists who share a recording with one. */
const mostOnRecordings = 20;
/** Questions that are put to the index at once. */
const atOnce = 8;

/**
 * Whom these artists mean, each by its provider ids, else by evidence among those whose names are equal, near or share words,
 * and those who share a recording.
 */
export async function resolveArtists(
  em: EntityManager,
  vectors: VectorDatabase,
  asked: readonly ArtistFacts[],
): Promise<ResolvedArtists> {
  const lookup = await lookUpArtists(
    em,
    asked.flatMap(({ names, providerIds }) => names.map((name) => ({ artistId: null, name, providerIds }))),
  );
  const byIds = asked.map(({ providerIds }) =>
    resolveByIds(
      Object.entries(providerIds).flatMap(([provider, ids]) =>
        ids.flatMap((id) => lookup.byProviderId(provider, id) ?? []),
      ),
    ),
  );
  const open = asked.filter((_, at) => byIds[at] === null);
  const { found, leftOut } = await search(new VectorTable(vectors, artistNameTable), open);
  const candidates = new Map<ArtistFacts, Map<string, readonly string[]>>();
  for (const [at, facts] of open.entries()) {
    const sharing = await artistsOnRecordings(em, artistProfileOf(facts).isrcs, mostOnRecordings);
    const ids = new Set([
      ...facts.names.flatMap((name) => lookup.byName(name)),
      ...(found[at] ?? []),
      ...sharing.keys(),
    ]);
    candidates.set(facts, new Map([...ids].map((id) => [id, sharing.get(id) ?? []])));
  }
  const known = await artistFacts(em, [...new Set([...candidates.values()].flatMap((of) => [...of.keys()]))], {
    withWorks: open.some(({ titles, albums }) => titles.length > 0 || albums.length > 0),
  });
  const resolutions = asked.map(
    (facts, at) => byIds[at] ?? resolveByEvidence(artistProfileOf(facts), profilesOf(candidates.get(facts), known)),
  );
  return { resolutions, indexLeftOut: leftOut };
}

/** With the recordings that they share with the artist in question: works beyond the first hundreds are not loaded. */
const profilesOf = (
  candidates: ReadonlyMap<string, readonly string[]> | undefined,
  known: ReadonlyMap<string, ArtistFacts>,
) =>
  [...(candidates ?? [])].flatMap(([artistId, isrcs]) => {
    const facts = known.get(artistId);
    return facts ? [{ artistId, profile: artistProfileOf({ ...facts, isrcs }) }] : [];
  });

async function search(
  table: VectorTable,
  asked: readonly ArtistFacts[],
): Promise<{ found: string[][]; leftOut: IndexUnusable['reason'] | null }> {
  const found: string[][] = [];
  try {
    for (let at = 0; at < asked.length; at += atOnce)
      found.push(...(await Promise.all(asked.slice(at, at + atOnce).map((facts) => candidatesOf(table, facts)))));
    return { found, leftOut: null };
  } catch (error) {
    if (error instanceof IndexUnusable) return { found, leftOut: error.reason };
    throw error;
  }
}

async function candidatesOf(table: VectorTable, { names }: ArtistFacts): Promise<string[]> {
  const found = await Promise.all(names.slice(0, namesSearched).map((name) => artistCandidates(table, name)));
  return [...new Set(found.flat())];
}
