import { newId } from '../../adapters/postgres/ids';
import { withdrawSource } from '../../adapters/postgres/source-changes';
import { sourceKeys } from '../../domain/source-withdrawals';
import { accountEndStory } from './account-end-story';
import { accountMergeStory } from './account-merge-story';
import { appealStory } from './appeal-story';
import { blockImportStory } from './block-import-story';
import { catalogImportStory } from './catalog-import-story';
import { disconnected } from './disconnect-story';
import { emailStory } from './email-story';
import { graphSyncStory } from './graph-sync-story';
import { indexStory } from './index-story';
import { sealStory } from './seal-story';
import { signInStory } from './sign-in-story';
import { snapshotStory } from './snapshot-story';
import { openStage, type Stage } from './stage';
import type { System } from './system';
import { vaultRotationStory } from './vault-rotation-story';
import { webhookStory } from './webhook-story';

/** A workflow that the story ran, by what makes it different from the others of its type. */
export interface Told {
  name: string;
  workflowId: string;
}

/**
 * Everything the system does, and what can go wrong with it, once: signing in, linking and connecting, syncs, plans, runs with waits,
 * cancels and terminations, rollbacks, refreshes, sweeps, an account's export and its end, two accounts
 * made one and two again, a file of blocks, one for the catalog, the vault's keys changed, the artist graph and the index synced, a message
 * to somebody's server, an e-mail, appeals decided and withdrawn, a day closed; and the audit of it all is sealed.
 */
export async function tellWholeStory(system: System): Promise<Told[]> {
  return [
    ...(await signInStory(system)),
    ...(await accountEndStory(system)),
    ...(await accountMergeStory(system)),
    ...(await blockImportStory(system)),
    ...(await catalogImportStory(system)),
    ...(await runStory(await openStage(system))),
    ...(await vaultRotationStory(system)),
    ...(await graphSyncStory(system)),
    ...(await indexStory(system)),
    ...(await webhookStory(system)),
    ...(await emailStory(system)),
    ...(await appealStory(system)),
    ...(await snapshotStory(system)),
    ...(await sealStory(system)),
  ];
}

async function runStory(stage: Stage): Promise<Told[]> {
  const { system, person } = stage;
  const told: Told[] = [];
  const em = () => system.orm.em.fork();
  const fault = (fields: Record<string, unknown>) => system.admin.fault({ service: 'spotify', ...fields });
  const tellRun = (name: string, { runId }: { runId: string }) => told.push({ name, workflowId: `run:${runId}` });
  const tellLast = async (name: string, type: string) => {
    const [job] = await em().execute<{ workflow_id: string }[]>(
      `select workflow_id from jobs where type = ? order by id desc limit 1`,
      [type],
    );
    told.push({ name, workflowId: job?.workflow_id ?? '' });
  };
  const cancel = (runId: string, rollback: boolean) =>
    system.client.workflow
      .getHandle(`run:${runId}`)
      .executeUpdate('cancel', { args: [{ rollback, actorId: person.userId }] });

  const { plan } = await stage.scene();
  await tellLast('sync-library', 'library_sync');
  await tellLast('prepare-plan', 'plan');
  const plain = await stage.enforce(plan);
  tellRun('enforce', plain);
  tellRun('rollback', await stage.undo(plain.runId));

  const limited = await stage.scene();
  await fault({ method: 'DELETE', skip: 1, status: 429, retryAfter: 2 });
  const waited = await stage.enforce(limited.plan);
  tellRun('enforce-waiting', waited);
  await fault({ method: 'GET', status: 503 });
  tellRun('rollback-waiting', await stage.undo(waited.runId));

  const stopped = await stage.scene();
  await fault({ method: 'DELETE', route: '/playlists/{id}/items', status: 429, retryAfter: 3_600 });
  const cancelled = await person.execute(stopped.plan.id);
  await stage.until(`select id from runs where id = ? and status = 'waiting'`, [cancelled.runId]);
  await cancel(cancelled.runId, true);
  await system.jobEnd(cancelled.jobId);
  tellRun('enforce-cancelled-in-a-wait', cancelled);
  const auto = await stage.until<{ id: string; job_id: string }>(
    `select id, job_id from runs where ? = any(rollback_of) and status in ('waiting', 'completed')`,
    [cancelled.runId],
  );
  await em().execute(`delete from provider_gates`);
  await cancel(auto.id, false).catch(() => undefined);
  await system.jobEnd(auto.job_id);
  tellRun('rollback-cancelled', { runId: auto.id });

  const busy = await stage.scene();
  await fault({ times: 1_000, delayMs: 300 });
  const running = await person.execute(busy.plan.id);
  await stage.until(`select id from actions where run_id = ? and status = 'applied'`, [running.runId]);
  await cancel(running.runId, false);
  await system.admin.clearFaults();
  await system.jobEnd(running.jobId);
  tellRun('enforce-cancelled', running);

  await fault({ route: '/me/tracks', status: 429, retryAfter: 1 });
  await person.sync();
  await tellLast('sync-library-waiting', 'library_sync');
  await fault({ route: '/me/playlists', status: 403 });
  await person.plan().catch(() => undefined);
  await tellLast('prepare-plan-failed', 'plan');

  const lost = await stage.scene();
  await fault({ method: 'DELETE', status: 429, retryAfter: 3_600 });
  const terminated = await person.execute(lost.plan.id);
  await stage.until(`select id from runs where id = ? and status = 'waiting'`, [terminated.runId]);
  await system.client.workflow.getHandle(`run:${terminated.runId}`).terminate('for the story');
  await em().execute(`update outbox set started_at = started_at - interval '1 minute'`);
  await system.client.workflow.execute('sweep', { taskQueue: 'workflows', workflowId: 'sweep-of-the-story' });
  told.push({ name: 'sweep', workflowId: 'sweep-of-the-story' });
  await em().execute(`delete from provider_gates`);

  told.push(...(await lookedAfter(stage)));
  told.push(await blockEnded(stage));
  told.push(await sourceWithdrawn(stage));
  told.push(...(await weekly(stage)));

  const refreshOf = (version: number) => `refresh:${person.connectionId}:${version}`;
  await system.admin.clearFaults();
  await fault({ service: 'spotify-accounts', route: '/api/token', status: 503 });
  await system.admin.expireTokens(stage.user);
  await person.sync();
  told.push({ name: 'refresh-credential', workflowId: refreshOf(1) });
  const ends = await stage.scene();
  await system.admin.revoke(stage.user);
  tellRun('enforce-revoked', await stage.enforce(ends.plan));
  told.push({ name: 'refresh-credential-rejected', workflowId: refreshOf(2) });
  await person.sync().catch(() => undefined);
  await tellLast('sync-library-failed', 'library_sync');
  return [...told, ...(await disconnectStory(stage))];
}

/** A connection is asked about while its provider is silent once, and comes up for its daily look. */
export async function lookedAfter({ system, person: { connectionId } }: Stage): Promise<Told[]> {
  const check = `check:${connectionId}`;
  await system.admin.fault({ service: 'spotify', route: '/me', status: 503 });
  const args = [{ connectionId }];
  await system.client.workflow.execute('checkConnection', { taskQueue: 'workflows', workflowId: check, args });
  await system.orm.em.fork().execute(`update credentials set next_check_at = now() where owner_id = ?`, [connectionId]);
  const workflowId = 'maintenance-of-the-story';
  await system.client.workflow.execute('maintainConnections', { taskQueue: 'workflows', workflowId });
  return [
    { name: 'check-connection', workflowId: check },
    { name: 'maintain-connections', workflowId },
  ];
}

/** A temporary block is over, and what it took out comes back. */
export async function blockEnded(stage: Stage): Promise<Told> {
  const { system, person } = stage;
  const { runId } = await stage.enforce((await stage.scene()).plan);
  await system.orm.em
    .fork()
    .execute(`update blocks set expires_at = now(), on_expiry = 'restore' where user_id = ?`, [person.userId]);
  const workflowId = 'block-ends-of-the-story';
  await system.client.workflow.execute('expireBlocks', { taskQueue: 'workflows', workflowId });
  await stage.until(`select id from runs where ? = any(rollback_of) and finished_at is not null`, [runId]);
  await system.orm.em
    .fork()
    .execute(`update blocks set expires_at = null, ended_at = null where user_id = ?`, [person.userId]);
  return { name: 'expire-blocks', workflowId };
}

/** What a run took out rested on a list that is withdrawn, and its person is told. */
export async function sourceWithdrawn(stage: Stage): Promise<Told> {
  const { system, person } = stage;
  const { small, plan } = await stage.scene();
  const { runId } = await stage.enforce(plan);
  const em = system.orm.em.fork();
  const [artist] = await em.execute<{ id: string }[]>(`select artist_id as id from blocks where user_id = ?`, [
    person.userId,
  ]);
  const source = { kind: 'list', listId: newId() } as const;
  const artistIds = [artist?.id ?? small.blockedArtistId];
  await em.execute(`update actions set sources = array[?] where run_id = ?`, [
    sourceKeys(source, artistIds).join(),
    runId,
  ]);
  await em.execute(`delete from blocks where user_id = ?`, [person.userId]);
  await em.transactional((tx) => withdrawSource(tx, { source, artistIds, decisionId: null }));
  const workflowId = 'withdrawals-of-the-story';
  await system.client.workflow.execute('tellOfWithdrawals', { taskQueue: 'workflows', workflowId });
  return { name: 'tell-of-withdrawals', workflowId };
}

/** A week's turn comes, and takes out what is blocked. */
export async function weekly(stage: Stage): Promise<Told[]> {
  const { system, person } = stage;
  await stage.scene();
  await system.orm.em.fork().execute(
    `insert into connection_schedules (connection_id, mode, weekday, hour, time_zone, preset, next_due_at)
     values (?, 'apply', 'monday', 3, 'UTC', 'standard', now())`,
    [person.connectionId],
  );
  const workflowId = 'schedules-of-the-story';
  await system.client.workflow.execute('scheduledEnforcement', { taskQueue: 'workflows', workflowId });
  const turn = await stage.until<{ id: string; run_id: string }>(
    `select e.id, e.run_id from scheduled_enforcements e join runs r on r.id = e.run_id where e.connection_id = ? and r.finished_at is not null`,
    [person.connectionId],
  );
  await system.orm.em.fork().execute(`delete from connection_schedules`);
  return [
    { name: 'scheduled-enforcement', workflowId },
    { name: 'enforce-scheduled', workflowId: `scheduled:${turn.id}` },
  ];
}

/** A connection is taken away that rests, and then, made anew, one whose run waits for hours. */
export async function disconnectStory({ system, person }: Stage): Promise<Told[]> {
  await disconnected(system, person);
  const anew = await openStage(system);
  const { plan } = await anew.scene();
  await system.admin.fault({ service: 'spotify', method: 'DELETE', status: 429, retryAfter: 3_600 });
  const { runId } = await anew.person.execute(plan.id);
  await anew.until(`select id from runs where id = ? and status = 'waiting'`, [runId]);
  await disconnected(system, anew.person);
  await system.admin.clearFaults();
  await system.orm.em.fork().execute(`delete from provider_gates`);
  return [
    { name: 'disconnect', workflowId: `disconnect:${person.connectionId}` },
    { name: 'disconnect-in-a-run', workflowId: `disconnect:${anew.person.connectionId}` },
  ];
}
