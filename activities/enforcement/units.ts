import type { OpenAction } from '../../adapters/postgres/journal';
import { batchActions } from '../../domain/batches';
import type { ActionType, RestoreType } from '../../domain/reversibility';
import { inOrderOfFile } from './filed-part';
import { listRemovedLikes } from './list-removed-likes';
import { openRemovalPart, removeSavedBatch } from './remove-saved';
import { removeFromPlaylist } from './remove-from-playlist';
import { restoreSavedBatch } from './restore-saved';
import { restoreToPlaylist } from './restore-to-playlist';
import type { RunContext } from './run-context';
import { isSavedItemType, type SavedItemType } from './saved-kinds';
import { isAsLeft } from './undone-part';
import { unlistRemovedLikes } from './unlist-removed-likes';

/** A piece of work that may run beside others: one batch of saved items, everything in one playlist, or a row of batches in order. */
export type Unit = () => Promise<void>;

/**
 * Cuts open actions into units. Likes, albums, follows and followed playlists are restored oldest first, so their batches follow one another. The
 * list of removed likes waits until none of those is open.
 */
export async function workUnits(context: RunContext, actions: readonly OpenAction[]): Promise<Unit[]> {
  const saved = actions.filter((action) => isSavedItemType(action.itemType));
  const byPlaylist = new Map<string, OpenAction[]>();
  for (const action of actions) {
    if (action.playlistId === null || action.itemType === 'removed_likes') continue;
    const own = byPlaylist.get(action.playlistId);
    if (own) own.push(action);
    else byPlaylist.set(action.playlistId, [action]);
  }
  const restoring = context.run.direction === 'put_back';
  const playlistUnits = [...byPlaylist].map(
    ([playlistId, own]): Unit =>
      () =>
        restoring ? restoreToPlaylist(context, playlistId, own) : removeFromPlaylist(context, playlistId, own),
  );
  const lists = saved.some(({ itemType }) => itemType === 'liked_track')
    ? []
    : actions.filter(({ itemType }) => itemType === 'removed_likes');
  const listUnits = lists.map(
    (action): Unit =>
      () =>
        restoring ? unlistRemovedLikes(context, action) : listRemovedLikes(context, action),
  );
  return [
    ...(restoring ? await restoreUnits(context, saved) : await removalUnits(context, saved)),
    ...playlistUnits,
    ...listUnits,
  ];
}

async function removalUnits(context: RunContext, actions: readonly OpenAction[]): Promise<Unit[]> {
  const units = [...batchesByType(actions)].map(async ([itemType, batches]) => {
    const begun = batches.flat().some((action) => action.status === 'applying');
    const part = await openRemovalPart(context, itemType, begun);
    return batches.map(
      (batch): Unit =>
        () =>
          removeSavedBatch(context, part, batch),
    );
  });
  return (await Promise.all(units)).flat();
}

async function restoreUnits(context: RunContext, actions: readonly OpenAction[]): Promise<Unit[]> {
  const ordered = context.run.runType === 'restore' ? await orderedByFile(context, actions) : actions;
  return [...batchesByType(ordered)].map(([itemType, batches]): Unit => async () => {
    const begun = batches.flat().some((action) => action.status === 'applying');
    const asLeft = !begun && (await isAsLeft(context, itemType));
    for (const batch of batches) {
      if (context.stopping()) return;
      await restoreSavedBatch(context, asLeft, batch);
    }
  });
}

async function orderedByFile(context: RunContext, actions: readonly OpenAction[]): Promise<OpenAction[]> {
  const types = [...new Set(actions.map(({ itemType }) => itemType))].filter(isSavedItemType);
  const parts = types.map((type) =>
    inOrderOfFile(
      context,
      type,
      actions.filter(({ itemType }) => itemType === type),
    ),
  );
  return (await Promise.all(parts)).flat();
}

/** Artists and playlists go on their own calls, as each kind does. */
function batchesByType(actions: readonly OpenAction[]): Map<SavedItemType, OpenAction[][]> {
  const byId = new Map(actions.map((action) => [action.id, action]));
  const batches = batchActions(
    actions.map((action) => ({
      id: action.id,
      actionType: action.actionType as ActionType | RestoreType,
      uri: action.uri,
      playlistProviderId: null,
    })),
  );
  const byType = new Map<SavedItemType, OpenAction[][]>();
  for (const batch of batches) {
    const members = batch.actionIds.flatMap((id) => byId.get(id) ?? []);
    const itemType = members[0]?.itemType;
    if (!itemType || !isSavedItemType(itemType)) continue;
    byType.set(itemType, [...(byType.get(itemType) ?? []), members]);
  }
  return byType;
}
