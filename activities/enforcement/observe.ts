import { observeRemovals } from './remove-saved';
import { observeRestores } from './restore-saved';
import type { RunContext } from './run-context';
import { isSavedItemType } from './saved-kinds';

/** The last look at likes, albums, follows and followed playlists that the run touched; playlists were looked at as they were worked on, and kept. */
export async function observeTouchedParts(context: RunContext): Promise<void> {
  const rows = await context.em.execute<{ item_type: string }[]>(
    `select distinct item_type from actions where run_id = ? and status in ('applied', 'undone', 'undo_failed') order by item_type`,
    [context.run.id],
  );
  const observe = context.run.direction === 'take_out' ? observeRemovals : observeRestores;
  await Promise.all(
    rows.flatMap(({ item_type: itemType }) => (isSavedItemType(itemType) ? [observe(context, itemType)] : [])),
  );
}
