import { z } from 'zod';
import { readCatalogFile } from '../../../adapters/files/catalog-file';
import { audit } from '../../../adapters/postgres/audit';
import { listCatalogRows } from '../../../adapters/postgres/catalog-import-rows';
import {
  findCatalogImport,
  listCatalogImports,
  startCatalogImport,
  type StoredCatalogImport,
} from '../../../adapters/postgres/catalog-imports';
import { countRowOutcomes } from '../../../adapters/postgres/file-imports';
import type { EntityManager } from '../../../adapters/postgres/orm';
import type { CatalogOutcome } from '../../../domain/catalog-imports';
import { DomainError } from '../../../domain/errors';
import { jobHref } from '../../../domain/hrefs';
import { decodeCursor, idPosition, makePage, pageOf, pageQuery } from '../../paging';
import { defineRoute } from '../../route';
import { UploadedFile } from '../../uploaded-file';
import { idParams } from '../auth/schema';
import {
  catalogImportQuery,
  catalogImportRowSchema,
  catalogImportSchema,
  catalogRowsQuery,
  startedCatalogImportSchema,
} from './catalog-imports-schema';
import { describeArtistsById } from './describe-artists';

const rowPosition = z.object({ row: z.int().min(0).max(2_147_483_647) });

const start = defineRoute({
  method: 'post',
  path: '/artists/import',
  summary: 'Import artists or recordings into the catalog',
  description:
    'Lines of MusicBrainz’s JSON dumps (`application/x-ndjson`; artists, or recordings and releases with theirs) or CSV with a header, in UTF-8, at most 100 MB and 200,000 rows; cut larger dumps by lines. Columns of artists: `name`, `musicbrainz`, `spotify`, `apple_music`, `disambiguation`, `aliases`, `genres`, `image_url`; of recordings: `name`, `musicbrainz`, `isrc`, `spotify`, `apple_music`, `duration_ms`, `artists`, `writers`, `producers`; several in one cell with `;`. An id says whom a row means; a name alone joins nothing. Credits are ids of MusicBrainz or Spotify, or names. A row that cannot be read is told and passed by. One import at a time.',
  tags: ['Artists'],
  permission: 'admin',
  query: catalogImportQuery,
  file: { types: ['application/x-ndjson', 'text/csv'], maxBytes: 100 * 1024 * 1024 },
  body: z.custom<UploadedFile>((body) => body instanceof UploadedFile),
  responses: { 202: startedCatalogImportSchema },
  idempotent: true,
  handler: async ({ user: { userId }, query: { kind, source }, body, em, ctx, deps }) => {
    const { requestId } = ctx.state;
    const isTable = body.type === 'text/csv';
    const rows = readCatalogFile(body.chunks(), isTable ? 'csv' : 'json-lines', kind);
    const asked = { userId, kind, source: isTable ? (source ?? 'csv') : 'musicbrainz', requestId };
    const { importId, jobId, outboxId } = await em.transactional(async (tx) => {
      const started = await startCatalogImport(tx, asked, rows);
      audit(tx, {
        actorId: userId,
        event: 'catalog.import_started',
        outcome: 'done',
        subjectType: 'catalog_import',
        subjectId: started.importId,
        details: { kind },
        requestId,
      });
      return started;
    });
    await deps.dispatcher.tryStart(outboxId);
    return { status: 202, body: { jobId, importId }, headers: { Location: jobHref(jobId) } };
  },
});

const list = defineRoute({
  method: 'get',
  path: '/artists/imports',
  summary: 'Files that were given for the catalog',
  description: 'Newest first, whoever gave them. They are kept for 30 days after their end.',
  tags: ['Artists'],
  permission: 'admin',
  query: pageQuery,
  responses: { 200: pageOf(catalogImportSchema) },
  handler: async ({ query: { cursor, limit }, em }) => {
    const after = decodeCursor(cursor, idPosition);
    const rows = await listCatalogImports(em, { limit: limit + 1, after: after?.id ?? null });
    const page = makePage(rows, {
      limit,
      present: (row) => row,
      position: ({ id }) => ({ id }),
      first: !after,
      emptyReason: 'no_imports',
    });
    return { status: 200, body: { ...page, items: await presentImports(em, page.items) } };
  },
});

const read = defineRoute({
  method: 'get',
  path: '/artists/imports/{id}',
  summary: 'What came of a file for the catalog',
  tags: ['Artists'],
  permission: 'admin',
  params: idParams,
  responses: { 200: catalogImportSchema },
  handler: async ({ params, em }) => {
    const found = await findOr404(em, params.id);
    return { status: 200, body: (await presentImports(em, [found]))[0]! };
  },
});

const rows = defineRoute({
  method: 'get',
  path: '/artists/imports/{id}/rows',
  summary: 'What came of each row',
  description: 'In the order of the file; of one outcome where one is named.',
  tags: ['Artists'],
  permission: 'admin',
  params: idParams,
  query: catalogRowsQuery,
  responses: { 200: pageOf(catalogImportRowSchema) },
  handler: async ({ user: { userId }, params, query: { cursor, limit, outcome = null }, em }) => {
    const { id } = await findOr404(em, params.id);
    const after = decodeCursor(cursor, rowPosition);
    const found = await listCatalogRows(em, id, { outcome, after: after?.row ?? 0, limit: limit + 1 });
    const ids = found.flatMap(({ candidates }) => candidates);
    const artists = await describeArtistsById(em, userId, ids);
    const byId = new Map(artists.map((artist) => [artist.id, artist]));
    const page = makePage(found, {
      limit,
      present: ({ seq, candidates, ...row }) => ({
        row: seq,
        ...row,
        candidates: candidates.flatMap((candidate) => byId.get(candidate) ?? []),
      }),
      position: ({ seq }) => ({ row: seq }),
      first: !after,
      emptyReason: 'nothing_matches',
    });
    return { status: 200, body: page };
  },
});

async function findOr404(em: EntityManager, id: string): Promise<StoredCatalogImport> {
  const found = await findCatalogImport(em, id);
  if (!found) throw new DomainError('not_found');
  return found;
}

async function presentImports(
  em: EntityManager,
  imports: readonly StoredCatalogImport[],
): Promise<z.input<typeof catalogImportSchema>[]> {
  const counts = await countRowOutcomes<CatalogOutcome>(
    em,
    'catalog_import',
    imports.map(({ id }) => id),
  );
  return imports.map(({ id, jobId, kind, source, status, failureCode, total, createdAt, finishedAt }) => ({
    id,
    jobId,
    kind,
    source,
    status,
    failure: failureCode === null ? null : { code: failureCode },
    total,
    counts: counts.get(id) ?? {},
    createdAt: createdAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  }));
}

export const catalogImportRoutes = [start, list, read, rows];
