import { z } from 'zod';
import { moment } from '../auth/schema';

export const muteSchema = z
  .object({
    id: z.uuid(),
    reason: z.string(),
    since: moment,
    until: moment.nullable().meta({ description: 'When it ends by itself; null where a moderator has to end it.' }),
  })
  .meta({ id: 'SubmissionMute' });

export const mutedSubmitterSchema = muteSchema
  .extend({ userId: z.uuid(), displayName: z.string(), mutedBy: z.uuid() })
  .meta({ id: 'MutedSubmitter' });

export const mutedParams = z.object({ userId: z.uuid() });

export const muteBody = z
  .strictObject({
    reason: z.string().trim().min(1).max(2_000).meta({ description: 'What happened. The person reads it.' }),
    until: z.iso
      .datetime({ offset: true })
      .nullable()
      .default(null)
      .meta({ description: 'In the future. Without it a moderator has to end it.' }),
  })
  .meta({ id: 'MuteSubmitter' });
