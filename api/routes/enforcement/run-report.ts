import type { EntityManager } from '../../../adapters/postgres/orm';
import { findRun, type RunRow } from '../../../adapters/postgres/run-reads';
import { outcomeGroups, reportBatches, type ReportLine } from '../../../adapters/postgres/run-report';
import { csvLine } from '../../../domain/csv';
import { DomainError } from '../../../domain/errors';
import { jsonArray, jsonObject } from '../../../domain/json-text';
import { lossesCounted, reportTotals, type ReportTotals } from '../../../domain/run-report';
import type { RunType } from '../../../domain/runs';
import { fileAnswer, fileQuery, fileResponse } from '../../file-answer';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { presentAction, presentRun } from './run-presenters';

const download = defineRoute({
  method: 'get',
  path: '/enforcement/runs/{id}/report',
  summary: 'What a run did, lost, and why, as a file',
  description:
    'The run, totals by outcome and by loss, and every action with its name, artists, place, outcome and what helps. The losses of a run are what undoing it can’t bring back, those of a rollback what did not come back; actions that changed nothing lose nothing. In CSV, lines of kind `outcome_total` and `loss_total` follow those of kind `action`. Of a run that has not ended it tells how things stand.',
  tags: ['Enforcement'],
  permission: 'signed_in',
  params: idParams,
  query: fileQuery,
  responses: { 200: fileResponse },
  handler: async ({ user, params, query, em }) => {
    const run = await findRun(em, { userId: user.userId, id: params.id });
    if (!run) throw new DomainError('not_found');
    const totals = reportTotals(await outcomeGroups(em, run.id), run.runType as RunType);
    const text = query.format === 'csv' ? reportCsv(em, run, totals) : reportJson(em, run, totals);
    const name = `do-not-play-${run.runType}-${run.createdAt.toISOString().slice(0, 10)}`;
    return fileAnswer(query.format, name, text);
  },
});

function reportJson(em: EntityManager, run: RunRow, totals: ReportTotals): AsyncGenerator<string> {
  const about = { format: 'do-not-play/run-report', formatVersion: 1, run: presentRun(run), totals };
  return jsonObject(about, { actions: () => jsonArray(presented(em, run)) });
}

async function* presented(em: EntityManager, run: RunRow): AsyncGenerator<unknown[]> {
  for await (const batch of reportBatches(em, run)) yield batch.map((line) => presentLine(line, run));
}

const presentLine = (line: ReportLine, run: RunRow) => ({
  ...presentAction({ ...line, losses: lossesCounted(line, run.runType as RunType) }),
  artists: line.artists,
});

const csvHeader = [
  'kind',
  'action',
  'item_type',
  'name',
  'artists',
  'playlist_id',
  'playlist_name',
  'uri',
  'status',
  'outcome',
  'repair',
  'losses',
  'approximate',
  'applied_at',
  'count',
];

async function* reportCsv(em: EntityManager, run: RunRow, totals: ReportTotals): AsyncGenerator<string> {
  yield csvLine(csvHeader);
  for await (const batch of reportBatches(em, run)) yield batch.map((line) => actionLine(line, run)).join('');
  for (const { status, outcomeCode, count } of totals.byOutcome)
    yield csvLine(['outcome_total', ...blank(7), status, outcomeCode, ...blank(4), count]);
  for (const [loss, count] of Object.entries(totals.byLoss))
    yield csvLine(['loss_total', ...blank(10), loss, ...blank(2), count]);
}

function actionLine(line: ReportLine, run: RunRow): string {
  const action = presentLine(line, run);
  const place = [action.playlist?.id ?? null, action.playlist?.name ?? null];
  return csvLine([
    'action',
    action.actionType,
    action.itemType,
    action.name,
    action.artists.join('; '),
    ...place,
    action.uri,
    action.status,
    action.outcomeCode,
    action.repair,
    action.losses.join('; '),
    action.approximate,
    action.appliedAt,
    null,
  ]);
}

const blank = (cells: number) => Array.from({ length: cells }, () => null);

export const runReportRoutes = [download];
