import { type ArtistFacts, type ArtistProfile, artistProfileOf } from '../../domain/linkage/artist';
import { artistCandidates, artistNameTable } from '../lancedb/artists';
import { IndexUnusable, type VectorDatabase } from '../lancedb/database';
import { VectorTable } from '../lancedb/vector-table';
import { artistFacts, artistsOnRecordings } from '../postgres/artist-facts';
import { lookUpArtists } from '../postgres/artist-lookup';
import type { EntityManager } from '../postgres/orm';

/** Who may be meant by an artist, each with what is known of them. */
export interface Candidates {
  /** In the order of the questions. */
  of: { artistId: string; profile: ArtistProfile }[][];
  /** Why the index was not asked; null where it was. */
  indexLeftOut: IndexUnusable['reason'] | null;
}

/** Names that the index is asked for of each artist; the others are looked up as they are written. */
const namesSearched = 3;
/** Artists who share a recording with one. */
const mostOnRecordings = 20;
/** Questions that are put to the index at once. */
const atOnce = 8;

/** Artists whose names are equal, near or share words, and those who share a recording. */
export async function gatherCandidates(
  em: EntityManager,
  vectors: VectorDatabase,
  asked: readonly ArtistFacts[],
): Promise<Candidates> {
  const [{ found, leftOut }, { byName }] = await Promise.all([
    search(new VectorTable(vectors, artistNameTable), asked),
    lookUpArtists(
      em,
      asked.flatMap(({ names }) => names.map((name) => ({ artistId: null, name, providerIds: {} }))),
    ),
  ]);
  const sharing: Map<string, string[]>[] = [];
  for (const facts of asked)
    sharing.push(await artistsOnRecordings(em, artistProfileOf(facts).isrcs, mostOnRecordings));
  const ids = asked.map((facts, at) => [
    ...new Set([...facts.names.flatMap((name) => byName(name)), ...(found[at] ?? []), ...(sharing[at]?.keys() ?? [])]),
  ]);
  const known = await artistFacts(em, [...new Set(ids.flat())], {
    withWorks: asked.some(({ titles, albums }) => titles.length > 0 || albums.length > 0),
  });
  return {
    indexLeftOut: leftOut,
    of: ids.map((candidates, at) =>
      candidates.flatMap((artistId) => {
        const facts = known.get(artistId);
        // Works beyond the first hundreds are not loaded: what counts is which recordings the two share.
        const isrcs = sharing[at]?.get(artistId) ?? [];
        return facts ? [{ artistId, profile: artistProfileOf({ ...facts, isrcs }) }] : [];
      }),
    ),
  };
}

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
