import type { EntityManager } from '../../adapters/postgres/orm';

/** Somebody else's open transaction, in any database of the same server, holds changes of the catalog back until it ends. */
export async function untilChangesAreVisible(em: EntityManager): Promise<void> {
  for (;;) {
    const [row] = await em.execute<{ visible: boolean }[]>(
      `select not exists (select from catalog_changes where txid >= pg_snapshot_xmin(pg_current_snapshot())) as visible`,
    );
    if (row?.visible) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
