import { type ArtistResolution, resolveByEvidence, resolveByIds } from '../../domain/artist-resolution';
import { type ArtistFacts, artistProfileOf } from '../../domain/linkage/artist';
import type { VectorDatabase } from '../lancedb/database';
import { lookUpArtists } from '../postgres/artist-lookup';
import type { EntityManager } from '../postgres/orm';
import { type Candidates, gatherCandidates } from './candidates';

export interface ResolvedArtists {
  /** In the order of the questions. */
  resolutions: ArtistResolution[];
  /** Why the index was not asked; null where it was. Names are then found only as they are written. */
  indexLeftOut: Candidates['indexLeftOut'];
}

/** Whom these artists mean, each by its provider ids, else by evidence among those who may be meant. */
export async function resolveArtists(
  em: EntityManager,
  vectors: VectorDatabase,
  asked: readonly ArtistFacts[],
): Promise<ResolvedArtists> {
  const lookup = await lookUpArtists(
    em,
    asked.map(({ providerIds }) => ({ artistId: null, name: null, providerIds })),
  );
  const byIds = asked.map(({ providerIds }) =>
    resolveByIds(
      Object.entries(providerIds).flatMap(([provider, ids]) =>
        ids.flatMap((id) => lookup.byProviderId(provider, id) ?? []),
      ),
    ),
  );
  const open = asked.filter((_, at) => byIds[at] === null);
  const { of, indexLeftOut } = await gatherCandidates(em, vectors, open);
  const byEvidence = new Map(open.map((facts, at) => [facts, resolveByEvidence(artistProfileOf(facts), of[at] ?? [])]));
  const resolutions = asked.flatMap((facts, at) => byIds[at] ?? byEvidence.get(facts) ?? []);
  return { resolutions, indexLeftOut };
}
