import { guestWeight, halfWeight, producedWeight, writtenWeight } from '../../domain/graph-proximity';
import type { GraphTransaction } from './graph';

/** An artist near others, with what all links to those are worth together. */
export interface NearArtist {
  id: string;
  name: string;
  score: number;
  /** To how many of the given artists there are links. */
  links: number;
}

/** One of an artist's links to a given one. */
export interface NearLink {
  artistId: string;
  given: { id: string; name: string };
  tracks: number;
  first: number | null;
  last: number | null;
  ledByGiven: number;
  ledByArtist: number;
  bothGuests: number;
  produced: number;
  written: number;
}

/** What is left when a link's worth is taken, as `linkWorth` has it; of several links these are multiplied. */
export const left = `$half / (r.fromLeads + r.toLeads + $guest * r.guests + $made * r.produced + $penned * r.written + $half)`;
/** What `left` is given. */
export const weights = { half: halfWeight, guest: guestWeight, made: producedWeight, penned: writtenWeight };

/** Who worked with the given artists and is neither of them nor of those passed over, best score first. */
export async function artistsNear(
  tx: GraphTransaction,
  { ids, without, limit }: { ids: readonly string[]; without: readonly string[]; limit: number },
): Promise<NearArtist[]> {
  return tx.run<NearArtist & Record<string, unknown>>(
    `UNWIND $ids AS id MATCH (:Artist {id: id})-[r:COLLABORATED_WITH]-(y:Artist)
     WITH y, count(*) AS links, 1 - exp(sum(log(${left}))) AS score
     WHERE NOT y.id IN $without
     WITH y, links, score ORDER BY score DESC, y.id LIMIT $limit RETURN y.id AS id, y.name AS name, score, links`,
    { ids, without, limit, ...weights },
  );
}

/** Of each of these artists the links to given ones that are worth most, at most `limit` of each. */
export async function linksTo(
  tx: GraphTransaction,
  { artistIds, givenIds, limit }: { artistIds: readonly string[]; givenIds: readonly string[]; limit: number },
): Promise<NearLink[]> {
  return tx.run<NearLink & Record<string, unknown>>(
    `UNWIND $artistIds AS artistId
     CALL (artistId) {
       MATCH (y:Artist {id: artistId})-[r:COLLABORATED_WITH]-(x:Artist) WHERE x.id IN $givenIds
       WITH r, x, startNode(r) = x AS outward ORDER BY ${left}, x.id LIMIT $limit
       RETURN x {.id, .name} AS given, r.tracks AS tracks, r.first AS first, r.last AS last, r.guests AS bothGuests,
         r.produced AS produced, r.written AS written,
         CASE WHEN outward THEN r.fromLeads ELSE r.toLeads END AS ledByGiven,
         CASE WHEN outward THEN r.toLeads ELSE r.fromLeads END AS ledByArtist
     }
     RETURN artistId, given, tracks, first, last, bothGuests, produced, written, ledByGiven, ledByArtist`,
    { artistIds, givenIds, limit, ...weights },
  );
}
