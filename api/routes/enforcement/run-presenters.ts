import type { z } from 'zod';
import type { UndoableAction } from '../../../adapters/postgres/rollbacks';
import type { ActionRow, RunRow } from '../../../adapters/postgres/run-reads';
import { itemAddress } from '../../../domain/item-address';
import { repairFor } from '../../../domain/repairs';
import { inverseOf } from '../../../domain/reversibility';
import type { actionSchema, previewSchema, runSchema } from './run-schema';

type Run = z.input<typeof runSchema>;
type Action = z.input<typeof actionSchema>;
type Preview = z.input<typeof previewSchema>;

export const presentRun = ({ provider: _provider, epoch: _epoch, ...row }: RunRow): Run => ({
  ...row,
  runType: row.runType as Run['runType'],
  startedBy: row.startedBy as Run['startedBy'],
  status: row.status as Run['status'],
  onFailure: row.onFailure as Run['onFailure'],
  receipt: row.receipt && {
    untouched: row.receipt.untouched ?? 0,
    removed: row.receipt.removed ?? 0,
    restored: row.receipt.restored ?? 0,
    unexplained: row.receipt.unexplained ?? 0,
    ...(row.receipt.rated === undefined ? {} : { rated: row.receipt.rated }),
  },
  waiting: row.waiting && { reason: row.waiting.reason, until: row.waiting.until?.toISOString() ?? null },
  createdAt: row.createdAt.toISOString(),
  startedAt: row.startedAt?.toISOString() ?? null,
  finishedAt: row.finishedAt?.toISOString() ?? null,
});

export function presentAction(row: ActionRow): Action {
  return {
    id: row.id,
    actionType: row.actionType,
    itemType: row.itemType,
    status: row.status as Action['status'],
    outcomeCode: row.outcomeCode,
    repair: repairFor(row),
    losses: row.losses,
    approximate: row.approximate,
    name: row.name,
    uri: row.uri,
    url: itemAddress(row.uri)?.url ?? null,
    ...(row.playlistId === null ? {} : { playlist: { id: row.playlistId, name: row.playlistName } }),
    artistIds: row.artistIds,
    undoes: row.undoesId,
    appliedAt: row.appliedAt?.toISOString() ?? null,
  };
}

const mostItems = 500;

/** What undoing these actions would bring back, and what it would lose. */
export function presentPreview(actions: readonly UndoableAction[]): Preview {
  const byLoss: Record<string, number> = {};
  for (const { losses } of actions) for (const loss of losses) byLoss[loss] = (byLoss[loss] ?? 0) + 1;
  const items = actions.slice(0, mostItems).map((action) => ({
    actionId: action.id,
    actionType: inverseOf(action.actionType),
    itemType: action.itemType,
    name: action.name,
    playlistId: action.playlistId,
    losses: action.losses,
    approximate: action.approximate,
  }));
  const exact = actions.filter(({ losses, approximate }) => losses.length === 0 && !approximate).length;
  return { total: actions.length, exact, byLoss, items, itemsShown: items.length };
}
