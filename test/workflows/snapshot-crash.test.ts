import { newId } from '../../adapters/postgres/ids';
import { taskQueues } from '../../adapters/temporal/task-queues';
import { onDatabase } from '../../dev/engines/postgres/statements';
import { type KillPoint, nameOf } from '../support/kill-points';
import { startSystem, type System } from '../support/system';
import { startVictim } from '../support/victim';

/** A worker dies by SIGKILL around each commit of a night: what changed is noted, days are summed in three slices, one is released. */
const deaths = [1, 2, 3, 4, 5].flatMap((n): KillPoint[] => [
  { kind: 'commit', when: 'before', n },
  { kind: 'commit', when: 'after', n },
]);

let system: System;
const userId = newId();
const rows = <T>(sql: string, values: unknown[] = []) => system.orm.em.fork().execute<T[]>(sql, values);

(process.env.LONG ? describe : describe.skip)('a snapshot whose worker dies by SIGKILL', () => {
  beforeAll(async () => {
    system = await startSystem();
    await rows(`insert into users (id, display_name) values (?, 'x')`, [userId]);
    await rows(
      `insert into person_figures (user_id, figure, day, provider, kind, outcome, n)
       select ?, f, utc_day(now()) - d, 'spotify', 'x', '', d from unnest(array['runs', 'items_kept_out']) f, generate_series(0, 250) d`,
      [userId],
    );
  }, 120_000);
  afterAll(async () => {
    // Their figures are of nothing that happened.
    await rows(`delete from users where id = ?`, [userId]);
    await system.close();
  });

  it.each(deaths)(
    '$when commit $n: another goes on, days are summed once, and one release is paid for once',
    async (death) => {
      await onDatabase(system.database.ownerUrl, async (run) => {
        for (const table of ['privacy_spends', 'comparative_releases'])
          await run(`alter table ${table} disable trigger user`);
        await run('truncate privacy_spends, comparative_releases');
        for (const table of ['privacy_spends', 'comparative_releases'])
          await run(`alter table ${table} enable trigger user`);
      });
      await rows(`update figure_closing set closed_to = null, looked_to = null`);
      await rows(`delete from system_figures`);
      const victim = await startVictim(system);
      const heir = await startVictim(system);
      try {
        victim.work(death);
        const begun = await system.client.workflow.start('snapshotAnalytics', {
          taskQueue: taskQueues.workflows,
          workflowId: `snapshot:${newId()}`,
        });
        const died = await Promise.race([victim.gone.then(() => true), begun.result().then(() => false)]);
        expect(died ? null : `${nameOf(death)} was not met`).toBeNull();
        heir.work(null);
        expect(await begun.result()).toMatchObject({ outcome: 'released' });
      } finally {
        await Promise.all([victim.kill(), heir.kill()]);
      }
      expect(await rows(`select closed_to = utc_day(now()) - 1 as done from figure_closing`)).toEqual([{ done: true }]);
      expect(await rows(`select day from figure_day_changes`)).toEqual([]);
      const [differences] = await rows<{ n: number }>(
        `select count(*)::int as n
         from (select figure, day, sum(n) as n from person_figures where day < utc_day(now()) group by 1, 2) p
         full join system_figures s using (figure, day) where p.n is distinct from s.n`,
      );
      expect(differences).toEqual({ n: 0 });
      expect(await rows(`select count(*)::int as n from privacy_spends`)).toEqual([{ n: 1 }]);
      expect(await rows(`select count(*)::int as n from comparative_releases`)).toEqual([{ n: 1 }]);
    },
    180_000,
  );
});
