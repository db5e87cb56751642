import {
  artistExists,
  type ArtistRestore,
  lockRunsOfArtist,
  selectArtistRestore,
} from '../../../adapters/postgres/artist-restores';
import { audit } from '../../../adapters/postgres/audit';
import { findConnection } from '../../../adapters/postgres/connection-reads';
import { currentArtistId, heldArtistId } from '../../../adapters/postgres/current-artists';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { DomainError } from '../../../domain/errors';
import { jobHref } from '../../../domain/hrefs';
import { defineRoute } from '../../route';
import { keepRolledBack } from '../enforcement/keep-rolled-back';
import { artistRestorePreviewSchema, artistRestoreSchema, startedRestoreSchema } from './restore-schema';
import { artistParams } from './schema';
import { presentRestorePreview } from './restore-presenter';
import { startRestores } from './start-restores';
import { withdrawBlock } from './withdraw-block';

const described =
  'Everything that ended runs ever took out for the artist, or that the artist is credited on, at all of your connections or at one, and that is not back. What somebody else whom you block, or a block of the track itself, still wants out is skipped, judged as the plan that took it out would. With `unblock` lists and categories that name the artist go on counting, unless `keepException` is set, too; without it nothing that blocks the artist does.';

const preview = defineRoute({
  method: 'post',
  path: '/blocks/{artistId}/restore-preview',
  summary: 'What bringing an artist back would bring back, lose and skip',
  description: described,
  tags: ['Blocks'],
  permission: 'signed_in',
  scope: 'read',
  params: artistParams,
  body: artistRestoreSchema.default({ unblock: false, keepException: false }),
  responses: { 200: artistRestorePreviewSchema },
  handler: async ({ user, params, body, em }) => {
    const { connectionId = null, ...choice } = body;
    const artistId = await currentArtistId(em, params.artistId);
    const restore = { userId: user.userId, artistId, connectionId, ...choice };
    await requireKnown(em, restore);
    return { status: 200, body: presentRestorePreview(await selectArtistRestore(em, restore)) };
  },
});

const bringBack = defineRoute({
  method: 'post',
  path: '/blocks/{artistId}/restore',
  summary: 'Unblock an artist and bring back what was taken out',
  description: `${described} One rollback for each connection; all of it begins, or nothing: \`409 connection_busy\` with the run that works on one of them, \`409 connection_unusable\` where one must be renewed, \`409 nothing_to_undo\` where everything is back and no block was to be withdrawn. Plans that would act on a withdrawn block turn \`stale\`.`,
  tags: ['Blocks'],
  permission: 'signed_in',
  params: artistParams,
  body: artistRestoreSchema.default({ unblock: false, keepException: false }),
  responses: { 202: startedRestoreSchema },
  idempotent: true,
  handler: async ({ user, params, body, em, ctx, deps }) => {
    const { connectionId = null, ...choice } = body;
    const restore = { userId: user.userId, artistId: params.artistId, connectionId, ...choice };
    const started = await em.transactional((tx) => begin(tx, restore, ctx.state.requestId));
    for (const { outboxId } of started.runs) await deps.dispatcher.tryStart(outboxId);
    const runs = started.runs.map(({ outboxId: _outboxId, ...run }) => run);
    const [first] = runs;
    const headers = first && runs.length === 1 ? { headers: { Location: jobHref(first.jobId) } } : {};
    return { status: 202, body: { ...started, runs }, ...headers };
  },
});

async function begin(tx: EntityManager, asked: ArtistRestore, requestId: string | null) {
  const artistId = await heldArtistId(tx, asked.artistId);
  const restore = { ...asked, artistId };
  const { userId } = restore;
  await requireKnown(tx, restore);
  await lockRunsOfArtist(tx, restore);
  const unblocked = restore.unblock && (await withdrawBlock(tx, { userId, artistId, requestId }));
  const { restored, skipped } = await selectArtistRestore(tx, restore);
  if (restored.length === 0 && !unblocked) throw new DomainError('nothing_to_undo');
  const runs = await startRestores(tx, { userId, restored, requestId });
  const kept = restore.keepException ? await keepRolledBack(tx, { userId, actions: restored, requestId }) : 0;
  audit(tx, {
    actorId: userId,
    event: 'artist.restore_requested',
    outcome: 'done',
    subjectType: 'artist',
    subjectId: artistId,
    details: { actions: restored.length, skipped: skipped.length, runs: runs.length, unblocked, kept },
    requestId,
  });
  return { runs, unblocked, kept, skipped: skipped.length };
}

async function requireKnown(em: EntityManager, { userId, artistId, connectionId }: ArtistRestore): Promise<void> {
  if (!(await artistExists(em, artistId))) throw new DomainError('not_found');
  if (connectionId !== null && !(await findConnection(em, { userId, id: connectionId })))
    throw new DomainError('not_found');
}

export const artistRestoreRoutes = [preview, bringBack];
