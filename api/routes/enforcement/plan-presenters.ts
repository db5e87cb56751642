import type { z } from 'zod';
import type { PlanItemRow } from '../../../adapters/postgres/plan-items';
import type { PlanCounts, PlanRow } from '../../../adapters/postgres/plan-reads';
import type { planItemSchema, planSchema } from './plan-schema';

type Plan = z.input<typeof planSchema>;
type Item = z.input<typeof planItemSchema>;

export const presentPlan = (
  { generationId: _generationId, clientId: _clientId, ...row }: PlanRow,
  { counts, capabilities }: { counts: PlanCounts; capabilities: Plan['capabilities'] },
): Plan => ({
  ...row,
  preset: row.preset as Plan['preset'],
  onFailure: row.onFailure as Plan['onFailure'],
  status: row.status as Plan['status'],
  counts,
  capabilities,
  createdAt: row.createdAt.toISOString(),
  readyAt: row.readyAt?.toISOString() ?? null,
  expiresAt: row.expiresAt.toISOString(),
});

export const presentPlanItem = ({ seq: _seq, playlistId, playlistName, positions, ...row }: PlanItemRow): Item => ({
  ...row,
  itemType: row.itemType as Item['itemType'],
  ...(playlistId === null ? {} : { playlist: { id: playlistId, name: playlistName ?? '' } }),
  ...(positions === null ? {} : { positions }),
});
