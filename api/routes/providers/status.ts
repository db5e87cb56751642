import { z } from 'zod';
import { defineRoute } from '../../route';
import { moment } from '../auth/schema';

const providerStatusSchema = z
  .object({
    provider: z.string(),
    available: z.boolean().meta({ description: 'Whether this installation can connect it.' }),
    sandbox: z.boolean().meta({ description: 'Whether a stand-in answers instead of the real service.' }),
    gate: z
      .enum(['open', 'half_open', 'closed'])
      .nullable()
      .meta({ description: 'Whether calls go out: it closes when the provider asks us to wait.' }),
    closedUntil: moment.nullable(),
    connectHref: z.string().nullable().meta({ description: 'Open it in a browser to connect.' }),
  })
  .meta({ id: 'ProviderStatus' });

const status = defineRoute({
  method: 'get',
  path: '/providers/status',
  summary: 'How things stand with the streaming providers',
  tags: ['Connections'],
  permission: 'user',
  responses: { 200: z.object({ items: z.array(providerStatusSchema) }) },
  handler: async ({ deps }) => {
    const { spotify } = deps.config;
    const gate = spotify ? await deps.gate.state(spotify.quota) : null;
    const item = {
      provider: 'spotify',
      available: spotify !== null,
      sandbox: spotify?.sandbox ?? false,
      gate: gate?.state ?? null,
      closedUntil: gate?.closedUntil?.toISOString() ?? null,
      connectHref: spotify ? '/api/v1/connections/spotify/start' : null,
    };
    return { status: 200, body: { items: [item] } };
  },
});

export const providerRoutes = [status];
