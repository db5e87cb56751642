import {
  type ImportStep,
  importStep,
  isDoubtful,
  type Resolution,
  resolveArtist,
  type RowOutcome,
} from '../../domain/block-imports';
import { DomainError } from '../../domain/errors';
import { lookUpArtists } from './artist-lookup';
import { knownArtists } from './artist-search';
import { auditEach } from './audit';
import {
  alreadyNamed,
  type ImportRow,
  listImportRows,
  type SettledRow,
  stillPending,
  writeOutcomes,
} from './block-import-rows';
import { type StoredImport, lockBlockImport } from './block-imports';
import { lockBlocks, writeBlocks } from './blocks-store';
import { currentArtistId, currentArtistIds, heldArtistIds } from './current-artists';
import type { EntityManager } from './orm';
import { markPlansOnArtistsStale } from './plans';

/** Rows that are looked up, carried out and written down together. */
const pageLength = 200;

/**
 * Works through the next rows of an import: whom they mean, then, in one transaction, the blocks with what came of each row and
 * the job's count. Says how many there were; 0 at the end, or where nobody wants it any more.
 */
export async function importNextPage(
  em: EntityManager,
  { importId, jobId }: { importId: string; jobId: string },
): Promise<number> {
  const rows = await listImportRows(em, importId, { outcome: 'pending', after: 0, limit: pageLength });
  if (rows.length === 0) return 0;
  const named = await namedNow(em, rows);
  const lookup = await lookUpArtists(em, named);
  return em.fork().transactional(async function importPage(tx) {
    const open = await lockBlockImport(tx, importId);
    if (open?.status !== 'running' || open.jobId !== jobId) return 0;
    const mine = await stillPending(tx, importId, named);
    const resolved = mine.map((row): [ImportRow, Resolution] => [row, resolveArtist(row, lookup)]);
    const doubtful = resolved.flatMap(([row, to]) => ('artistId' in to ? [] : doubtfulRow(row, to)));
    const certain = resolved.flatMap(([row, to]) => ('artistId' in to ? { row, artistId: to.artistId } : []));
    await writeOutcomes(tx, importId, [...doubtful, ...(await carryOut(tx, open, certain, null))]);
    // With the rows themselves, so that a crash cannot make the count wrong.
    await tx.execute(`update jobs set done = done + ?, updated_at = now() where id = ? and finished_at is null`, [
      mine.length,
      jobId,
    ]);
    return rows.length;
  });
}

/** The rows with whom the ids in them that are ours stand for by now. */
async function namedNow(em: EntityManager, rows: readonly ImportRow[]): Promise<ImportRow[]> {
  const current = await currentArtistIds(
    em,
    rows.flatMap(({ artistId }) => artistId ?? []),
  );
  return rows.map((row) => ({ ...row, artistId: row.artistId === null ? null : current(row.artistId) }));
}

function doubtfulRow({ seq }: ImportRow, to: Exclude<Resolution, { artistId: string }>): SettledRow {
  const candidates = 'candidates' in to ? to.candidates : [];
  return { seq, artistId: null, outcome: to.outcome, reason: to.reason, candidates };
}

/** Blocks what rows say, in a dry run only as it would be; the first row that names an artist counts. */
async function carryOut(
  tx: EntityManager,
  { id, userId, mode, dryRun }: StoredImport,
  meant: readonly { row: ImportRow; artistId: string }[],
  requestId: string | null,
): Promise<SettledRow[]> {
  // One of them may have been merged since it was looked up.
  const current = await heldArtistIds(
    tx,
    meant.map(({ artistId }) => artistId),
  );
  const rows = meant.map(({ row, artistId }) => ({ row, artistId: current(artistId) }));
  const artistIds = rows.map(({ artistId }) => artistId);
  const named = await alreadyNamed(tx, id, artistIds);
  const before = await lockBlocks(tx, userId, artistIds);
  const now = new Date();
  const steps: (ImportStep & { artistId: string })[] = [];
  const settled = rows.map(({ row, artistId }): SettledRow => {
    const fresh = !named.has(artistId);
    named.add(artistId);
    const step = fresh ? importStep(before.get(artistId) ?? null, row, mode, now) : null;
    if (step) steps.push({ ...step, artistId });
    return { seq: row.seq, artistId, outcome: step?.outcome ?? 'duplicate', reason: null, candidates: [] };
  });
  if (!dryRun) await writeSteps(tx, userId, steps, requestId);
  return settled;
}

async function writeSteps(
  tx: EntityManager,
  userId: string,
  steps: readonly (ImportStep & { artistId: string })[],
  requestId: string | null,
): Promise<void> {
  const idsOf = (outcome: RowOutcome) =>
    steps.filter((step) => step.outcome === outcome).map(({ artistId }) => artistId);
  const changed = steps.filter(({ outcome }) => outcome !== 'unchanged');
  await writeBlocks(
    tx,
    userId,
    changed.map(({ artistId, content }) => ({ artistId, ...content })),
  );
  const ended = steps.filter(({ ends }) => ends).map(({ artistId }) => artistId);
  await markPlansOnArtistsStale(tx, userId, ended, 'block_withdrawn');
  const record = { actorId: userId, outcome: 'done' as const, subjectType: 'artist', requestId };
  await auditEach(tx, { ...record, event: 'block.created' }, idsOf('created'));
  await auditEach(tx, { ...record, event: 'block.changed' }, idsOf('changed'));
}

/**
 * Lets the person say whom a doubtful row means, null for nobody, and does what the row says. Saying the same again changes
 * nothing. Throws DomainError `not_found`, `import_row_settled`, `invalid_request` for an artist that the catalog doesn't have.
 */
export async function settleImportRow(
  tx: EntityManager,
  choice: { userId: string; importId: string; seq: number; artistId: string | null; requestId: string | null },
): Promise<ImportRow> {
  const { userId, importId, seq, artistId, requestId } = choice;
  const open = await lockBlockImport(tx, importId);
  const read = async () =>
    (await listImportRows(tx, importId, { outcome: null, after: seq - 1, limit: 1 })).find((row) => row.seq === seq);
  const row = open?.userId === userId ? await read() : undefined;
  if (!open || !row) throw new DomainError('not_found');
  if (!isDoubtful(row.outcome)) {
    const same =
      artistId === null ? row.outcome === 'dismissed' : row.resolvedId === (await currentArtistId(tx, artistId));
    if (same && row.outcome !== 'withdrawn') return row;
    throw new DomainError('import_row_settled', { params: { outcome: row.outcome } });
  }
  if (artistId === null)
    await writeOutcomes(tx, importId, [{ seq, artistId, outcome: 'dismissed', reason: null, candidates: [] }]);
  else {
    if ((await knownArtists(tx, [await currentArtistId(tx, artistId)])).length === 0)
      throw new DomainError('invalid_request', {
        errors: [{ path: 'body.artistId', code: 'unknown_artist', message: 'The catalog has no such artist' }],
      });
    await writeOutcomes(tx, importId, await carryOut(tx, open, [{ row, artistId }], requestId));
  }
  return (await read()) ?? row;
}
