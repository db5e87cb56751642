import { z } from 'zod';
import { catalogImportStatuses, catalogKinds, catalogOutcomes } from '../../../domain/catalog-imports';
import { pageQuery } from '../../paging';
import { moment } from '../auth/schema';
import { artistSchema } from './schema';

export const catalogImportQuery = z.object({
  kind: z.enum(catalogKinds).meta({ description: 'What the rows are.' }),
  source: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,39}$/)
    .optional()
    .meta({
      description:
        'Where a table comes from, as evidence names it; `csv` unless said. Lines of a dump are `musicbrainz`.',
    }),
});

export const startedCatalogImportSchema = z.object({ jobId: z.uuid(), importId: z.uuid() }).meta({
  id: 'StartedCatalogImport',
  description: 'Watch the job; the rows are at `GET artists/imports/{importId}/rows`.',
});

export const catalogImportSchema = z
  .object({
    id: z.uuid(),
    jobId: z.uuid(),
    kind: z.enum(catalogKinds),
    source: z.string(),
    status: z.enum(catalogImportStatuses),
    failure: z.object({ code: z.string() }).nullable(),
    total: z.int().meta({ description: 'Rows of the file.' }),
    counts: z.partialRecord(z.enum(catalogOutcomes), z.int()),
    createdAt: moment,
    finishedAt: moment.nullable(),
  })
  .meta({ id: 'CatalogImport' });

export const catalogImportRowSchema = z
  .object({
    row: z.int().meta({ description: 'As a spreadsheet numbers it (the header is 1); of a dump, the line.' }),
    name: z.string().nullable(),
    outcome: z.enum(catalogOutcomes).meta({
      description:
        '`changed`: something of it was new; `conflict`: its ids are those of several artists here, and nothing of it was taken.',
    }),
    reason: z.string().nullable().meta({ description: 'Why a row could not be read, or taken.' }),
    candidates: z.array(artistSchema).meta({ description: 'Artists that its ids mean, where those are several.' }),
  })
  .meta({ id: 'CatalogImportRow' });

export const catalogRowsQuery = pageQuery.extend({ outcome: z.enum(catalogOutcomes).optional() });
