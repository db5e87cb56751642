import { z } from 'zod';
import { moment } from '../auth/schema';

export const startedExportSchema = z
  .object({ jobId: z.uuid(), exportId: z.uuid() })
  .meta({ id: 'StartedExport', description: 'Watch the job; the file is at `GET me/exports/{exportId}/file`.' });

export const exportSchema = z
  .object({
    id: z.uuid(),
    jobId: z.uuid(),
    status: z.enum(['preparing', 'ready', 'failed', 'expired']),
    size: z.int().nullable().meta({ description: 'Bytes of the file; null until it is made.' }),
    failure: z.object({ code: z.string() }).nullable(),
    href: z.string().nullable().meta({ description: 'Where the file is, while there is one.' }),
    createdAt: moment,
    readyAt: moment.nullable(),
    expiresAt: moment.nullable().meta({ description: 'The file is kept for seven days.' }),
  })
  .meta({ id: 'AccountExport' });
