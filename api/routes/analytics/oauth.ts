import { countFlows, type FlowCounts } from '../../../adapters/postgres/oauth-flow-counts';
import { defineRoute } from '../../route';
import { auditedRead } from './audited-read';
import { oauthAnalyticsSchema, oauthQuery } from './schema';

export const oauthRoute = defineRoute({
  method: 'get',
  path: '/analytics/system/oauth',
  summary: 'How sign-in and connect flows end',
  description: 'For admins, by provider and purpose. Rows are kept for 90 days, without saying whose they were.',
  tags: ['Analytics'],
  permission: 'admin',
  query: oauthQuery,
  responses: { 200: oauthAnalyticsSchema },
  handler: async (asked) => {
    const { days } = asked.query;
    const to = new Date();
    const counts = await auditedRead(asked, 'oauth', { days }, (tx) => countFlows(tx, days));
    const body = {
      from: new Date(to.getTime() - days * 86_400_000).toISOString(),
      to: to.toISOString(),
      providers: byProvider(counts),
      items: counts.map((item) => ({ ...item, completionRate: completionRate(item) })),
    };
    return { status: 200, body };
  },
});

/** A restart may fall into the time asked for while its first start lies before it, so more may end than began. */
function completionRate({ started, completed }: Pick<FlowCounts, 'started' | 'completed'>): number | null {
  return started === 0 ? null : Math.min(1, completed / started);
}

function byProvider(counts: FlowCounts[]) {
  return [...new Set(counts.map(({ provider }) => provider))].map((provider) => {
    const own = counts.filter((item) => item.provider === provider);
    const sum = (of: (item: FlowCounts) => number) => own.reduce((total, item) => total + of(item), 0);
    const figures = { started: sum((item) => item.started), completed: sum((item) => item.completed) };
    return { provider, ...figures, completionRate: completionRate(figures) };
  });
}
