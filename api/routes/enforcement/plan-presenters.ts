import type { z } from 'zod';
import type { PlanItemRow } from '../../../adapters/postgres/plan-items';
import type { PlanCounts, PlanRow } from '../../../adapters/postgres/plan-reads';
import { libraryExportHref } from '../../../domain/hrefs';
import type { planItemSchema, planSchema } from './plan-schema';

type Plan = z.input<typeof planSchema>;
type Item = z.input<typeof planItemSchema>;

export const presentPlan = (
  { generationId: _generationId, clientId: _clientId, fileGenerationId, fileSyncedAt, beforeFirstRun, ...row }: PlanRow,
  { counts, capabilities }: { counts: PlanCounts; capabilities: Plan['capabilities'] },
): Plan => ({
  ...row,
  planType: fileGenerationId === null ? 'enforce' : 'restore',
  restoresFrom: fileGenerationId === null ? null : { syncedAt: fileSyncedAt?.toISOString() ?? null },
  preset: row.preset as Plan['preset'],
  onFailure: row.onFailure as Plan['onFailure'],
  status: row.status as Plan['status'],
  counts,
  capabilities,
  backup: { href: libraryExportHref(row.connectionId), offered: beforeFirstRun && row.readyAt !== null },
  createdAt: row.createdAt.toISOString(),
  readyAt: row.readyAt?.toISOString() ?? null,
  expiresAt: row.expiresAt.toISOString(),
});

export const presentPlanItem =
  (plan: PlanRow) =>
  ({ seq: _seq, playlistId, playlistName, positions, ...row }: PlanItemRow): Item => ({
    ...row,
    itemType: row.itemType as Item['itemType'],
    ...(playlistId === null ? {} : { playlist: { id: playlistId, name: playlistName ?? '' } }),
    ...(positions === null ? {} : { positions }),
    reason: reasonOf(plan, row),
  });

function reasonOf(
  plan: PlanRow,
  { matches, needsReview }: Pick<PlanItemRow, 'matches' | 'needsReview'>,
): Item['reason'] {
  if (plan.fileGenerationId === null) return null;
  const code = matches.length > 0 ? 'still_blocked' : needsReview ? 'unknown_here' : 'in_file_only';
  return { code, fileFrom: plan.fileSyncedAt?.toISOString() ?? null };
}
