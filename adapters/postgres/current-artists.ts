import { givenIds } from './erasure';
import type { EntityManager } from './orm';

/**
 * Holds merges of artists off until the commit, and waits for one that is under way. Whoever writes about artists does so before
 * locking any row, since a merge locks those rows after it has waited for everybody who holds it off.
 */
export async function holdMergesOff(tx: EntityManager): Promise<void> {
  await tx.execute(`select pg_advisory_xact_lock_shared(hashtext('artist.merges'))`);
}

/** Waits for everybody who writes about artists, and lets nobody else begin until the commit. */
export async function holdArtists(tx: EntityManager): Promise<void> {
  await tx.execute(`select pg_advisory_xact_lock(hashtext('artist.merges'))`);
}

/** In SQL: a column's ids as whom they stand for now, each once, in their order. */
export const idsOfNow = (column: string): string =>
  `array(select coalesce(f.artist_id, named.id) from unnest(${column}) with ordinality as named(id, n)
    left join former_artists f on f.id = named.id group by 1 order by min(named.n))`;

/** Whom an id stands for now: itself, or whom one that was merged became; as the database spells it. */
export type CurrentId = (artistId: string) => string;

export async function currentArtistIds(em: EntityManager, artistIds: readonly string[]): Promise<CurrentId> {
  const spelled = (id: string) => id.toLowerCase();
  if (artistIds.length === 0) return spelled;
  const rows = await em.execute<{ id: string; artist_id: string }[]>(
    `select id, artist_id from former_artists where id in ${givenIds}`,
    [JSON.stringify(artistIds)],
  );
  const current = new Map(rows.map((row) => [row.id, row.artist_id]));
  return (id) => current.get(spelled(id)) ?? spelled(id);
}

/** The same for what is about to be written: it holds until the commit. Call it before any row is locked. */
export async function heldArtistIds(tx: EntityManager, artistIds: readonly string[]): Promise<CurrentId> {
  await holdMergesOff(tx);
  return currentArtistIds(tx, artistIds);
}

export async function heldArtistId(tx: EntityManager, artistId: string): Promise<string> {
  return (await heldArtistIds(tx, [artistId]))(artistId);
}

export async function currentArtistId(em: EntityManager, artistId: string): Promise<string> {
  return (await currentArtistIds(em, [artistId]))(artistId);
}
