import { newId } from '../../adapters/postgres/ids';
import { intend, settle } from '../../adapters/postgres/journal';
import type { EntityManager, MikroORM } from '../../adapters/postgres/orm';
import { takeRun } from '../../adapters/postgres/run-state';
import { median } from '../report';

/** Actions of a batch, as at Spotify's `/me/library`. */
const batch = 40;
const batchesOfRound = 25;
const rounds = 12;

/**
 * How long a batch of the journal takes, milliseconds: saved as intended, then as settled, each in its transaction, with the figures
 * kept by triggers and without, in turns.
 */
export async function settlingSideBySide(
  orm: MikroORM,
  owner: EntityManager,
  of: { userId: string; connectionId: string },
): Promise<{ with: number; without: number }> {
  const taken = { with: [] as number[], without: [] as number[] };
  for (let round = 0; round < rounds; round += 1)
    for (const which of round % 2 === 0 ? (['with', 'without'] as const) : (['without', 'with'] as const)) {
      await switchTriggers(owner, which === 'with' ? 'enable' : 'disable');
      taken[which].push(...(await settleRun(orm, of)));
    }
  await switchTriggers(owner, 'enable');
  return { with: median(taken.with), without: median(taken.without) };
}

async function switchTriggers(owner: EntityManager, how: 'enable' | 'disable'): Promise<void> {
  for (const table of ['actions', 'runs']) await owner.execute(`alter table ${table} ${how} trigger user`);
}

async function settleRun(orm: MikroORM, { userId, connectionId }: { userId: string; connectionId: string }) {
  const em = orm.em.fork();
  const runId = newId();
  await em.execute(
    `insert into runs (id, user_id, connection_id, job_id, run_type, status, epoch) values (?, ?, ?, ?, 'enforce', 'queued', 1)`,
    [runId, userId, connectionId, newId()],
  );
  const rows = await em.execute<{ id: string }[]>(
    `insert into actions (id, run_id, seq, action_type, item_type, uri, name, duration_ms)
     select gen_random_uuid(), ?, n, 'unlike_track', 'liked_track', 'spotify:track:' || n, 'A Song', 200000 from generate_series(1, ?) n returning id`,
    [runId, batch * batchesOfRound],
  );
  const run = await takeRun(em, runId);
  if (!run) throw new Error('The run is gone.');
  const taken: number[] = [];
  for (let at = 0; at < rows.length; at += batch) {
    const ids = rows.slice(at, at + batch).map(({ id }) => id);
    const begun = performance.now();
    const before = { present: true, addedAt: '2020-01-01T00:00:00Z' };
    await intend(
      em,
      run,
      ids.map((id) => ({ id, before })),
    );
    await settle(
      em,
      run,
      ids.map((id) => ({ id, status: 'applied', code: 'done' })),
    );
    taken.push(performance.now() - begun);
  }
  return taken;
}
