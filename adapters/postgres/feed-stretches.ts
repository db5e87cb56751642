import { looks, type Stretch } from '../../domain/catalog-feed';
import { countChanged, forgetChanges } from './catalog-feed';
import { catalogSize } from './graph-rows';
import type { EntityManager } from './orm';

/**
 * What whoever looks for doubles is in the middle of, or else begins now: what was committed by the snapshot `until`. It keeps here how
 * far it is, having no copy of the catalog that could say so.
 */
export async function openStretch(em: EntityManager, until: string): Promise<Stretch> {
  const [row] = await em.execute<Stretch[]>(
    `update catalog_feeds set looking_until = coalesce(looking_until, ?::pg_snapshot), look = coalesce(look, ?) where reader = 'links'
     returning watermark::text as "from", looking_until::text as until, look, look_after as after`,
    [until, looks[0]],
  );
  if (!row) throw new Error('Nobody looks for doubles.');
  return row;
}

/** How much there is to be looked at by now: what changed, or everything where nothing has been yet. */
export async function countUnlooked(em: EntityManager): Promise<number> {
  const [row] = await em.execute<{ from: string | null }[]>(
    `select watermark::text as "from" from catalog_feeds where reader = 'links'`,
  );
  const from = row?.from ?? null;
  return from === null
    ? catalogSize(em, ['artist', 'track', 'recording'])
    : countChanged(em, 'links', { from, until: null });
}

/** Keeps how far it has come; nothing where it was given up meanwhile. */
export async function keepPlace(em: EntityManager, { until, look, after }: Stretch): Promise<void> {
  await em.execute(
    `update catalog_feeds set look = ?, look_after = ? where reader = 'links' and looking_until::text = ?`,
    [look, after, until],
  );
}

/** Everything in it was looked at; nothing changes where it was given up meanwhile. */
export async function endStretch(em: EntityManager, { until }: Stretch): Promise<void> {
  await em.transactional(async (tx) => {
    const ended = await tx.execute<{ reader: string }[]>(
      `update catalog_feeds set watermark = looking_until, looking_until = null, look = null, look_after = null
       where reader = 'links' and looking_until::text = ? returning reader`,
      [until],
    );
    if (ended.length > 0) await forgetChanges(tx, ['links'], until);
  });
}
