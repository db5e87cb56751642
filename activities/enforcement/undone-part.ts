import type { SavedEntry } from '../../adapters/postgres/library-content';
import { HEAD_LENGTH } from '../../domain/batches';
import type { RunContext } from './run-context';
import { readHead, type SavedItemType, storedEntries } from './saved-kinds';

/**
 * A part of the library before the run that is undone, or before one that restores from a file, in the provider's order; null where several runs are undone, or where
 * its generation is no longer kept.
 */
export async function partBefore(context: RunContext, itemType: SavedItemType): Promise<SavedEntry[] | null> {
  if (context.run.runType === 'restore') return entriesBefore(context, context.run.generationId, itemType);
  const plans = await context.em.execute<{ generation_id: string | null }[]>(
    `select distinct p.generation_id from runs r join runs undone on undone.id = any(r.rollback_of) left join plans p on p.id = undone.plan_id
     where r.id = ?`,
    [context.run.id],
  );
  return entriesBefore(context, plans.length === 1 ? (plans[0]?.generation_id ?? null) : null, itemType);
}

async function entriesBefore(
  context: RunContext,
  generationId: string | null,
  itemType: SavedItemType,
): Promise<SavedEntry[] | null> {
  return generationId === null ? null : storedEntries(context, generationId, itemType);
}

/**
 * The part as it must be now where only the runs in question have changed it: without what the undone run took out and this one has
 * not put back, with what this one has put back. Null where nobody knows.
 */
export async function partLeft(context: RunContext, itemType: SavedItemType): Promise<SavedEntry[] | null> {
  const before = await partBefore(context, itemType);
  if (!before) return null;
  if (context.run.runType === 'restore') {
    const there = new Set(before.map(([uri]) => uri));
    const back = await context.em.execute<{ uri: string }[]>(
      `select uri from actions where run_id = ? and item_type = ? and status in ('applied', 'undone', 'undo_failed') order by seq`,
      [context.run.id, itemType],
    );
    return [...back.filter(({ uri }) => !there.has(uri)).map(({ uri }): SavedEntry => [uri, null]), ...before];
  }
  const out = await context.em.execute<{ uri: string }[]>(
    `select a.uri from actions a join runs r on a.run_id = any(r.rollback_of)
     where r.id = ? and a.item_type = ? and a.status in ('applied', 'undo_failed')`,
    [context.run.id, itemType],
  );
  const gone = new Set(out.map(({ uri }) => uri));
  return before.filter(([uri]) => !gone.has(uri));
}

/**
 * Whether a part is as the undone run left it, by its length and its first page: what somebody puts back stands on top. Then
 * nothing of what is to be put back is there. Follows have no date to stand by; of them all must be seen.
 */
export async function isAsLeft(context: RunContext, itemType: SavedItemType): Promise<boolean> {
  const left = await partLeft(context, itemType);
  if (!left || (itemType === 'followed_artist' && left.length > HEAD_LENGTH)) return false;
  const head = await readHead(context, itemType, HEAD_LENGTH);
  return (
    head.total === left.length &&
    head.entries.every(([uri, addedAt], n) => left[n]?.[0] === uri && (addedAt === null || left[n][1] === addedAt))
  );
}
