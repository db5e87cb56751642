import type { GraphTransaction } from './graph';

/** What an artist, and another one, made together, as seen from the first. */
export interface SharedWork {
  /** Recordings. */
  tracks: number;
  /** Years; null where no release says its year. */
  first: number | null;
  last: number | null;
  ledByArtist: number;
  ledByOther: number;
  bothGuests: number;
  produced: number;
  written: number;
}

export interface SampleTrack {
  id: string;
  name: string;
  year: number | null;
}

export interface Collaborator extends SharedWork {
  id: string;
  name: string;
  samples: SampleTrack[];
}

/** A collaboration `r` as its end with the id `$id` sees it; in the order of `SharedWork`. */
const sharedWork = `r.tracks AS tracks, r.first AS first, r.last AS last, r.guests AS bothGuests,
  r.produced AS produced, r.written AS written,
  CASE WHEN startNode(r).id = $id THEN r.fromLeads ELSE r.toLeads END AS ledByArtist,
  CASE WHEN startNode(r).id = $id THEN r.toLeads ELSE r.fromLeads END AS ledByOther`;

const mostShown = 3;

/** Who worked with an artist, those with the most recordings first, from a place in that order on. */
export async function collaboratorsOf(
  tx: GraphTransaction,
  { id, limit, after }: { id: string; limit: number; after: { tracks: number; id: string } | null },
): Promise<Collaborator[]> {
  return tx.run<Collaborator & Record<string, unknown>>(
    `MATCH (:Artist {id: $id})-[r:COLLABORATED_WITH]-(b:Artist)
     WHERE $tracks IS NULL OR r.tracks < $tracks OR (r.tracks = $tracks AND b.id > $after)
     WITH r, b ORDER BY r.tracks DESC, b.id LIMIT $limit
     CALL (r) { UNWIND r.samples[..$shown] AS sample MATCH (t:Track {id: sample}) RETURN collect(t {.id, .name, .year}) AS samples }
     RETURN b.id AS id, b.name AS name, samples, ${sharedWork} ORDER BY tracks DESC, id`,
    { id, limit, tracks: after?.tracks ?? null, after: after?.id ?? null, shown: mostShown },
  );
}
