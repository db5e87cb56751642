import type { z } from 'zod';
import {
  checklistBatches,
  type ChecklistRow,
  countChecklist,
  listChecklist,
  tickOff,
} from '../../../adapters/postgres/checklists';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { findPlan } from '../../../adapters/postgres/plan-reads';
import { csvLine } from '../../../domain/csv';
import { DomainError } from '../../../domain/errors';
import { itemAddress, playlistUri } from '../../../domain/item-address';
import { jsonArray, jsonObject } from '../../../domain/json-text';
import { fileAnswer, fileQuery, fileResponse } from '../../file-answer';
import { makePage } from '../../paging';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import {
  checklistItemParams,
  checklistItemSchema,
  checklistQuery,
  checklistSchema,
  tickOffSchema,
} from './checklist-schema';
import { placeInPlan, positionInPlan } from './plan-cursor';

const list = defineRoute({
  method: 'get',
  path: '/enforcement/plans/{id}/checklist',
  summary: 'What only you can take out, playlist by playlist',
  description:
    'Apple Music lets no app change the tracks of a playlist, so a plan there finds them and you remove them in the Music app. Items that rest on a name alone have `needsReview`. Plans at Spotify have none.',
  tags: ['Enforcement'],
  permission: 'user',
  params: idParams,
  query: checklistQuery,
  responses: { 200: checklistSchema },
  handler: async ({ user, params, query, em }) => {
    const { limit, cursor, ...filter } = query;
    const plan = await findPlan(em, { userId: user.userId, id: params.id });
    if (!plan) throw new DomainError('not_found');
    const after = placeInPlan(plan, cursor);
    const rows = await listChecklist(em, plan.id, { filter, after: after ?? -1, limit: limit + 1 });
    const filtered = Object.values(filter).some((value) => value !== undefined);
    const page = makePage(rows, {
      limit,
      present: presentItem,
      position: ({ seq }) => positionInPlan(plan, seq),
      first: after === null,
      emptyReason: plan.status === 'preparing' ? 'plan_preparing' : filtered ? 'nothing_matches' : 'nothing_by_hand',
    });
    return { status: 200, body: { ...page, counts: await countChecklist(em, plan.id) } };
  },
});

const download = defineRoute({
  method: 'get',
  path: '/enforcement/plans/{id}/checklist/export',
  summary: 'The checklist as a file',
  tags: ['Enforcement'],
  permission: 'user',
  params: idParams,
  query: fileQuery,
  responses: { 200: fileResponse },
  handler: async ({ user, params, query, em }) => {
    const plan = await findPlan(em, { userId: user.userId, id: params.id });
    if (!plan) throw new DomainError('not_found');
    const about = { format: 'do-not-play/checklist', formatVersion: 1, planId: plan.id };
    const text =
      query.format === 'csv'
        ? checklistCsv(em, plan.id)
        : jsonObject(about, { items: () => jsonArray(presentedItems(em, plan.id)) });
    return fileAnswer(query.format, `do-not-play-checklist-${plan.createdAt.toISOString().slice(0, 10)}`, text);
  },
});

const tick = defineRoute({
  method: 'patch',
  path: '/enforcement/plans/{id}/checklist/{itemId}',
  summary: 'Tick an item off, or on again',
  description: 'Your own note; the next plan looks whether the track is gone.',
  tags: ['Enforcement'],
  permission: 'user',
  params: checklistItemParams,
  body: tickOffSchema,
  responses: { 200: checklistItemSchema },
  handler: async ({ user, params, body, em }) => {
    const plan = await findPlan(em, { userId: user.userId, id: params.id });
    const row = plan && (await tickOff(em, { planId: plan.id, itemId: params.itemId, done: body.done }));
    if (!row) throw new DomainError('not_found');
    return { status: 200, body: presentItem(row) };
  },
});

function presentItem(row: ChecklistRow): z.input<typeof checklistItemSchema> {
  const { seq: _seq, playlistId, playlistName, doneAt, ...item } = row;
  const url = itemAddress(playlistUri('apple_music', playlistId))?.url ?? null;
  return {
    ...item,
    playlist: { id: playlistId, name: playlistName, url },
    done: doneAt !== null,
    doneAt: doneAt?.toISOString() ?? null,
  };
}

async function* presentedItems(em: EntityManager, planId: string): AsyncGenerator<unknown[]> {
  for await (const batch of checklistBatches(em, planId)) yield batch.map(presentItem);
}

const csvHeader = [
  'playlist_id',
  'playlist_name',
  'positions',
  'name',
  'artists',
  'album',
  'matched_artists',
  'needs_review',
  'done_at',
  'uri',
  'url',
];

async function* checklistCsv(em: EntityManager, planId: string): AsyncGenerator<string> {
  yield csvLine(csvHeader);
  for await (const batch of checklistBatches(em, planId)) yield batch.map(itemLine).join('');
}

/** Places are counted from one, as the Music app shows them. */
const itemLine = (row: ChecklistRow): string =>
  csvLine([
    row.playlistId,
    row.playlistName,
    row.positions.map((position) => position + 1).join('; '),
    row.name,
    row.artists.join('; '),
    row.album,
    row.matches.map(({ artistName }) => artistName).join('; '),
    row.needsReview,
    row.doneAt?.toISOString() ?? null,
    row.uri,
    row.url,
  ]);

export const checklistRoutes = [list, download, tick];
