import { type RatedArtist, resolveByEvidence } from '../../domain/artist-resolution';
import { artistProfileOf } from '../../domain/linkage/artist';
import { IndexUnusable, type VectorDatabase } from '../lancedb/database';
import { artistFacts, creditedBeside } from '../postgres/artist-facts';
import type { EntityManager } from '../postgres/orm';
import { gatherCandidates } from './candidates';

/** An artist of the catalog, with others there who are, or may be, the same. */
export interface ArtistDoubles {
  artistId: string;
  others: (RatedArtist & { band: 'accept' | 'review' })[];
}

/**
 * Looks for other entries of these artists, by the pipeline that resolves names. Whoever is credited beside an artist, on one
 * track of one provider, is somebody else. Throws IndexUnusable: without the index some would be passed over.
 */
export async function findDoubles(
  em: EntityManager,
  vectors: VectorDatabase,
  artistIds: readonly string[],
): Promise<ArtistDoubles[]> {
  const known = await artistFacts(em, artistIds, { withWorks: true });
  const asked = [...known];
  const { of, indexLeftOut } = await gatherCandidates(
    em,
    vectors,
    asked.map(([, facts]) => facts),
  );
  if (indexLeftOut) throw new IndexUnusable(indexLeftOut);
  const apart = await creditedBeside(em, artistIds);
  return asked.flatMap(([artistId, facts], at) => {
    const others = (of[at] ?? []).filter(
      (one) => one.artistId !== artistId && !apart.has(`${artistId} ${one.artistId}`),
    );
    const { candidates, doubt } = resolveByEvidence(artistProfileOf(facts), others);
    const rated = candidates.flatMap(({ band, ...one }) =>
      band === 'new' ? [] : [{ ...one, band: doubt ? ('review' as const) : band }],
    );
    return rated.length > 0 ? [{ artistId, others: rated }] : [];
  });
}
