import { z } from 'zod';
import type { Config } from '../../../adapters/environment/config';
import type { GateState } from '../../../adapters/providers/gate';
import { connectionLifecycles } from '../../../domain/connection-lifecycle';
import type { Dependencies } from '../../dependencies';
import { defineRoute } from '../../route';
import { moment } from '../auth/schema';

const gateSchema = z.enum(['open', 'half_open', 'closed']);
const providerStatusSchema = z
  .object({
    provider: z.enum(['spotify', 'apple_music', 'google', 'apple', 'github']),
    use: z.enum(['connect', 'sign_in']),
    available: z.boolean().meta({ description: 'Whether this installation can connect it, or sign in with it.' }),
    sandbox: z.boolean().meta({ description: 'Whether a stand-in answers instead of the real service.' }),
    gate: gateSchema.nullable().meta({
      description:
        'Whether calls go out: it closes when the provider asks us to wait. Of several quotas the one that is best off; null where calls aren’t counted.',
    }),
    closedUntil: moment.nullable(),
    quotas: z
      .array(z.object({ gate: gateSchema, closedUntil: moment.nullable() }))
      .meta({ description: 'Each quota that its calls count against here, in no meaningful order.' }),
    degraded: z.boolean().meta({ description: 'Whether work there waits at the moment, in whole or in part.' }),
    connectHref: z.string().nullable().meta({ description: 'Open it in a browser to connect, or to sign in.' }),
  })
  .meta({ id: 'ProviderStatus' });
type ProviderStatus = z.input<typeof providerStatusSchema>;

/** The one that lets through most stands for all: new work goes there. */
const bestFirst: Record<GateState['state'], number> = { open: 0, half_open: 1, closed: 2 };

async function streaming(
  deps: Dependencies,
  provider: 'spotify' | 'apple_music',
  settings: { sandbox: boolean; quotas: string[] } | null,
): Promise<ProviderStatus> {
  const states = await Promise.all([...new Set(settings?.quotas)].map((quota) => deps.gate.state(quota)));
  const quotas = states.map(({ state, closedUntil }) => ({
    gate: state,
    closedUntil: closedUntil?.toISOString() ?? null,
  }));
  const best = quotas.toSorted((a, b) => bestFirst[a.gate] - bestFirst[b.gate])[0];
  return {
    provider,
    use: 'connect',
    available: settings !== null,
    sandbox: settings?.sandbox ?? false,
    gate: best?.gate ?? null,
    closedUntil: best?.closedUntil ?? null,
    quotas,
    degraded: quotas.some(({ gate }) => gate !== 'open'),
    connectHref: settings ? connectionLifecycles[provider].connectPath : null,
  };
}

function signIn(config: Config, provider: 'google' | 'apple' | 'github'): ProviderStatus {
  const settings = config[provider];
  return {
    provider,
    use: 'sign_in',
    available: settings !== null,
    sandbox: settings?.sandbox ?? false,
    gate: null,
    closedUntil: null,
    quotas: [],
    degraded: false,
    connectHref: settings ? `/api/v1/auth/${provider}/start` : null,
  };
}

const status = defineRoute({
  method: 'get',
  path: '/providers/status',
  summary: 'How things stand with every provider',
  description: 'For everybody: it says nothing about anybody.',
  tags: ['Connections'],
  permission: 'anyone',
  responses: { 200: z.object({ items: z.array(providerStatusSchema) }) },
  handler: async ({ deps }) => {
    const { spotify, appleMusic } = deps.config;
    const items = [
      await streaming(
        deps,
        'spotify',
        spotify && { sandbox: spotify.sandbox, quotas: spotify.apps.map(({ quota }) => quota) },
      ),
      await streaming(deps, 'apple_music', appleMusic && { sandbox: appleMusic.sandbox, quotas: [appleMusic.quota] }),
      ...(['google', 'apple', 'github'] as const).map((provider) => signIn(deps.config, provider)),
    ];
    return { status: 200, body: { items } };
  },
});

export const providerRoutes = [status];
