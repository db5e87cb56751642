import { z } from 'zod';
import { type CallsOfKind, callsOfHours } from '../../../adapters/postgres/provider-calls';
import { type GateRow, listGates } from '../../../adapters/postgres/provider-gate-orders';
import { providers as streamingProviders, type StreamingProvider } from '../../../domain/capabilities';
import { errorRate } from '../../../domain/provider-health';
import { defineRoute } from '../../route';
import { gateOf, gateSchema } from '../admin/gate-presenter';
import { auditedRead } from './audited-read';

const count = z.int().nonnegative();
const health = {
  calls: count,
  errorRate: z.number().min(0).max(1).nullable().meta({
    description: 'Calls that got no answer or a failure of the provider’s ÷ all that we did not end; null without any.',
  }),
  averageMs: z
    .number()
    .nonnegative()
    .nullable()
    .meta({ description: 'How long the provider took for a call that went well, waits at our gate left out.' }),
};

const providersSchema = z
  .object({
    hours: count,
    providers: z.array(
      z.object({
        provider: z.enum(streamingProviders),
        ...health,
        gates: z.array(gateSchema),
        endpoints: z.array(
          z.object({
            endpoint: z.string(),
            ...health,
            outcomes: z.array(z.object({ outcome: z.string(), calls: count })),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'ProviderHealth' });

export const systemProvidersRoute = defineRoute({
  method: 'get',
  path: '/analytics/system/providers',
  summary: 'How calls to the streaming providers go',
  description:
    'For admins: of all processes, by whole hours of which the present one is the last; hours are kept for 90 days.',
  tags: ['Analytics'],
  permission: 'admin',
  query: z.object({ hours: z.coerce.number().int().min(1).max(2160).default(24) }),
  responses: { 200: providersSchema },
  handler: async (asked) => {
    const { hours } = asked.query;
    const providers = await auditedRead(asked, 'providers', { hours }, async (tx) => {
      const calls = await callsOfHours(tx, hours);
      const found = [];
      for (const provider of streamingProviders) found.push(healthOf(provider, calls, await listGates(tx, provider)));
      return found;
    });
    return { status: 200, body: { hours, providers } };
  },
});

function healthOf(provider: StreamingProvider, calls: CallsOfKind[], gates: GateRow[]) {
  const own = calls.filter((call) => call.provider === provider);
  const endpoints = [...new Set(own.map(({ endpoint }) => endpoint))].map((endpoint) => {
    const ofKind = own.filter((call) => call.endpoint === endpoint);
    return { endpoint, ...figuresOf(ofKind), outcomes: ofKind.map(({ outcome, calls: n }) => ({ outcome, calls: n })) };
  });
  return { provider, ...figuresOf(own), gates: gates.map(gateOf), endpoints };
}

function figuresOf(calls: CallsOfKind[]) {
  const sum = (of: CallsOfKind[], value: (call: CallsOfKind) => number) =>
    of.reduce((total, call) => total + value(call), 0);
  const well = calls.filter(({ outcome }) => outcome === 'ok');
  const answered = sum(well, (call) => call.calls);
  return {
    calls: sum(calls, (call) => call.calls),
    errorRate: errorRate(calls),
    averageMs: answered === 0 ? null : sum(well, (call) => call.calls * call.averageMs) / answered,
  };
}
