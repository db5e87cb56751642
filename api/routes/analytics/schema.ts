import { z } from 'zod';
import { flowPurposes } from '../../../domain/oauth-flows';
import { moment } from '../auth/schema';

export const oauthQuery = z.object({
  days: z.coerce.number().int().min(1).max(90).default(30).meta({ description: 'Flows started in this many days.' }),
});

const count = z.number().int().nonnegative();
const rate = z
  .number()
  .min(0)
  .max(1)
  .nullable()
  .meta({ description: 'Completed ÷ started; null where none was started.' });

const oauthFlowsSchema = z
  .object({
    provider: z.string(),
    purpose: z.enum(flowPurposes),
    started: count.meta({ description: 'By a person; what was started again by itself counts once.' }),
    completed: count,
    undelivered: count.meta({ description: 'Sign-ins that ended well after their browser had left.' }),
    failed: z.array(z.object({ code: z.string(), count })),
    abandoned: count.meta({ description: 'Nobody came back from the provider in time.' }),
    open: count,
    restarts: count.meta({ description: 'Started again by themselves, since an answer of the provider got lost.' }),
    completionRate: rate,
  })
  .meta({ id: 'OauthFlows' });

export const oauthAnalyticsSchema = z
  .object({
    from: moment,
    to: moment,
    providers: z.array(z.object({ provider: z.string(), started: count, completed: count, completionRate: rate })),
    items: z.array(oauthFlowsSchema),
  })
  .meta({ id: 'OauthAnalytics' });
