import { lendLooks, takeLooksBack } from './artist-merge-looks';
import { moveRows, moveRowsBack, putRowsBack } from './artist-merge-rows';
import { givenIds } from './erasure';
import type { EntityManager } from './orm';
import { plansTouchedByMerge } from './artist-merge-plans';
import { markPlansOfDecidersStale } from './plans';

/** The source of an alias that is the name of an artist who was merged. */
const mergeSource = 'merge';

/**
 * Makes one artist of two that are not merged, in the caller's transaction, which holds the artists. Everything that names the
 * merged one goes to the kept one; its own row is kept under its id, which stands for the kept one from now on.
 */
export async function applyMerge(
  tx: EntityManager,
  { keptId, mergedId }: { keptId: string; mergedId: string },
): Promise<{ moved: number; setAside: number }> {
  for (const id of [keptId, mergedId]) await takeLooksBack(tx, id);
  const markPlansStale = await plansTouchedByMerge(tx, { keptId, mergedId });
  const counts = await moveRows(tx, { from: mergedId, into: keptId });
  await tx.execute(
    `insert into artist_aliases (artist_id, name, locale, source, folded_name, name_key, given_artist_id)
     select k.id, m.name, '', ?, m.folded_name, m.name_key, m.id from artists k, artists m
     where k.id = ? and m.id = ? and m.name <> k.name and length(m.name) <= 300 on conflict do nothing`,
    [mergeSource, keptId, mergedId],
  );
  await tx.execute(`update former_artists set artist_id = ? where artist_id = ?`, [keptId, mergedId]);
  await tx.execute(
    `insert into former_artists (id, artist_id, row) select a.id, ?, to_jsonb(a) from artists a where a.id = ?`,
    [keptId, mergedId],
  );
  await tx.execute(`delete from artists where id = ?`, [mergedId]);
  await lendLooks(tx, keptId);
  await markPlansStale();
  return counts;
}

/**
 * Parts an artist who was merged from whom it became, whatever was merged before or since, in the caller's transaction, which holds
 * the artists: it takes along who had become it before, and every row that was given for one of them, also since.
 */
export async function takeMergeBack(
  tx: EntityManager,
  mergedId: string,
): Promise<{ moved: number; restored: number } | null> {
  const [former] = await tx.execute<{ artist_id: string }[]>(`select artist_id from former_artists where id = ?`, [
    mergedId,
  ]);
  if (!former) return null;
  const keptId = former.artist_id;
  const given = await mergedInto(tx, mergedId);
  await takeLooksBack(tx, keptId);
  await forgetName(tx, mergedId);
  // Columns that came since the merge have what they have at the other one.
  await tx.execute(
    `insert into artists select (jsonb_populate_record(k, f.row)).* from former_artists f join artists k on k.id = f.artist_id where f.id = ?`,
    [mergedId],
  );
  await tx.execute(`delete from former_artists where id = ?`, [mergedId]);
  await tx.execute(`update former_artists set artist_id = ? where id in ${givenIds}`, [
    mergedId,
    JSON.stringify(given),
  ]);
  const moved = await moveRowsBack(tx, { from: keptId, into: mergedId, given });
  let restored = 0;
  for (const artistId of [keptId, mergedId])
    restored += await putRowsBack(tx, { artistId, given: await family(tx, artistId) });
  for (const id of [keptId, mergedId]) await lendLooks(tx, id);
  await markPlansOfDecidersStale(tx, [keptId, mergedId], 'artists_parted');
  return { moved, restored };
}

/** An artist who was merged with everybody who had been merged into it, by the merges that stand. */
async function mergedInto(tx: EntityManager, artistId: string): Promise<string[]> {
  const rows = await tx.execute<{ id: string }[]>(
    `with recursive part as (
       select ?::uuid as id union select m.merged_id from artist_merges m join part p on m.kept_id = p.id where m.state = 'applied')
     select id from part`,
    [artistId],
  );
  return rows.map(({ id }) => id);
}

/** An artist with everybody who became it. */
export async function family(em: EntityManager, artistId: string): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(`select artist_ids_of(?) as id`, [artistId]);
  return rows.map(({ id }) => id);
}

async function forgetName(tx: EntityManager, mergedId: string): Promise<void> {
  await tx.execute(`delete from artist_aliases where given_artist_id = ? and source = ?`, [mergedId, mergeSource]);
  await tx.execute(
    `delete from artist_merge_asides where table_name = 'artist_aliases' and artist_id = ? and row->>'source' = ?`,
    [mergedId, mergeSource],
  );
}
