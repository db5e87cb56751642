import type { z } from 'zod';
import type { ImportRow } from '../../../adapters/postgres/block-import-rows';
import type { StoredImport } from '../../../adapters/postgres/block-imports';
import { countRowOutcomes } from '../../../adapters/postgres/file-imports';
import type { EntityManager } from '../../../adapters/postgres/orm';
import type { RowOutcome } from '../../../domain/block-imports';
import { blockImportHref } from '../../../domain/hrefs';
import { describeArtistsById } from '../artists/describe-artists';
import type { importRowSchema, importSchema } from './imports-schema';

/** Imports with what came of their rows. */
export async function presentImports(
  em: EntityManager,
  rows: readonly StoredImport[],
): Promise<z.input<typeof importSchema>[]> {
  const counts = await countRowOutcomes<RowOutcome>(
    em,
    'block_import',
    rows.map(({ id }) => id),
  );
  return rows.map(({ id, jobId, mode, dryRun, status, failureCode, total, createdAt, finishedAt }) => ({
    id,
    jobId,
    mode,
    dryRun,
    status,
    failure: failureCode === null ? null : { code: failureCode },
    total,
    counts: counts.get(id) ?? {},
    ...(status === 'needs_confirmation' ? { action: { code: 'confirm', href: `${blockImportHref(id)}/confirm` } } : {}),
    createdAt: createdAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  }));
}

/** Rows with the artists whom they mean or may mean. */
export async function presentImportRows(
  em: EntityManager,
  userId: string,
  rows: readonly ImportRow[],
): Promise<z.input<typeof importRowSchema>[]> {
  const ids = rows.flatMap(({ resolvedId, candidates }) => [
    ...(resolvedId === null ? [] : [resolvedId]),
    ...candidates,
  ]);
  const described = await describeArtistsById(em, userId, ids);
  const byId = new Map(described.map((artist) => [artist.id, artist]));
  return rows.map((row) => ({
    ...importCells(row),
    artist: byId.get(row.resolvedId ?? '') ?? null,
    candidates: row.candidates.flatMap((id) => byId.get(id) ?? []),
  }));
}

/** What a row says and what came of it. */
export function importCells(row: ImportRow) {
  const { seq, name, artistId, providerIds, note, tags, expiresAt, onExpiry, outcome, reason } = row;
  return {
    row: seq,
    name,
    artistId,
    providerIds,
    note,
    tags,
    expiresAt: expiresAt?.toISOString() ?? null,
    onExpiry,
    outcome,
    reason,
  };
}
