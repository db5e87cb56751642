import { z } from 'zod';
import type { GateRow } from '../../../adapters/postgres/provider-gate-orders';
import { moment } from '../auth/schema';

export const gateSchema = z
  .object({
    quota: z.string().meta({ description: 'Whose quota it guards: a developer account at the provider.' }),
    state: z.enum(['open', 'half_open', 'closed']),
    closedByAdmin: z.boolean(),
    closedUntil: moment.nullable().meta({ description: 'Until when the provider asked us to wait.' }),
    lastRetryAfter: z.number().nullable().meta({ description: 'Seconds that it asked for last.' }),
    latencyMs: z.number().nullable(),
  })
  .meta({ id: 'ProviderGate' });

export const gateOf = ({ quota, state, closedByAdmin, closedUntil, lastRetryAfter, latencyMs }: GateRow) => ({
  quota,
  state,
  closedByAdmin,
  closedUntil: closedUntil?.toISOString() ?? null,
  lastRetryAfter,
  latencyMs,
});
