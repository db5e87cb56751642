import { z } from 'zod';
import { audit } from '../../../adapters/postgres/audit';
import {
  closeByHand,
  listGates,
  openByHand,
  quotasOfConnections,
} from '../../../adapters/postgres/provider-gate-orders';
import type { Config } from '../../../adapters/environment/config';
import type { StreamingProvider } from '../../../domain/capabilities';
import { DomainError } from '../../../domain/errors';
import { defineRoute } from '../../route';
import { gateOf, gateSchema } from './gate-presenter';

const quotaName = z.string().regex(/^[A-Za-z0-9:_-]{1,60}$/);
/** As it stands in paths: with a hyphen. */
const providerInPath = z
  .enum(['spotify', 'apple-music'])
  .transform((name): StreamingProvider => (name === 'spotify' ? 'spotify' : 'apple_music'));

const setGate = defineRoute({
  method: 'put',
  path: '/admin/providers/{provider}/gate',
  summary: 'Stop all calls to a provider, or let them go on',
  description:
    'Closing holds back every sync, run, rollback and probe at that provider within two seconds: they wait, durably, and go on when it is opened. Opening also ends a wait that the provider asked for: one call tries it, and a 429 closes it again. Without `quota` it holds for every quota of the provider.',
  tags: ['Admin'],
  permission: 'admin',
  params: z.object({ provider: providerInPath }),
  body: z.object({ closed: z.boolean(), quota: quotaName.optional() }),
  responses: { 200: z.object({ items: z.array(gateSchema) }) },
  handler: async ({ params: { provider }, body, user, em, ctx, deps }) => {
    const items = await em.transactional(async (tx) => {
      const known = new Set([
        ...(await listGates(tx, provider)).map(({ quota }) => quota),
        ...(await quotasOfConnections(tx, provider)),
        ...configuredQuotas(deps.config, provider),
      ]);
      if (body.quota !== undefined && !known.has(body.quota)) throw new DomainError('not_found');
      const quotas = body.quota === undefined ? [...known].sort() : [body.quota];
      if (body.closed) await closeByHand(tx, provider, quotas);
      else await openByHand(tx, quotas);
      audit(tx, {
        actorId: user.userId,
        event: body.closed ? 'gate.closed' : 'gate.opened',
        outcome: 'done',
        details: { provider, quotas: quotas.length, ...(body.quota === undefined ? {} : { quota: body.quota }) },
        requestId: ctx.state.requestId,
      });
      return listGates(tx, provider);
    });
    return { status: 200, body: { items: items.map(gateOf) } };
  },
});

/** Quotas that are closed by hand even before their first call. */
function configuredQuotas(config: Config, provider: StreamingProvider): string[] {
  if (provider === 'apple_music') return config.appleMusic ? [config.appleMusic.quota] : [];
  return [...new Set(config.spotify?.apps.map(({ quota }) => quota))];
}

export const gateRoutes = [setGate];
