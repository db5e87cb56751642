import { createSealing } from '../../adapters/audit-seal/sealing';
import { audit } from '../../adapters/postgres/audit';
import { checkAudit } from '../../adapters/postgres/audit-check';
import { newId } from '../../adapters/postgres/ids';
import { taskQueues } from '../../adapters/temporal/task-queues';
import { type KillPoint, nameOf } from '../support/kill-points';
import { startSystem, type System } from '../support/system';
import { startVictim } from '../support/victim';

/**
 * A worker dies by SIGKILL while it seals: before a batch is committed, after it and before the head is kept outside of the database, and
 * after that. Sealing one batch commits twice: the seals, and then the lock that is held until the head is kept.
 */
const commit = (when: KillPoint['when'], n: number): KillPoint => ({ kind: 'commit', when, n });
const deaths = [1, 2, 3, 4].flatMap((n) => [commit('before', n), commit('after', n)]);
const rows = 2_500;

let system: System;
const seal = () =>
  system.client.workflow.start('sealAudit', { taskQueue: taskQueues.workflows, workflowId: `seal:${newId()}` });

(process.env.LONG ? describe : describe.skip)('a sealer that dies by SIGKILL', () => {
  beforeAll(async () => {
    system = await startSystem();
  }, 120_000);
  afterAll(() => system?.close());

  it.each(deaths)(
    '$when commit $n: whoever comes next seals the rest, and nothing is missed',
    async (death) => {
      const em = system.orm.em.fork();
      await em.transactional((tx) => {
        for (let n = 0; n < rows; n += 1) audit(tx, { actorId: null, event: 'test.done', outcome: 'done' });
        return Promise.resolve();
      });
      const victim = await startVictim(system);
      const heir = await startVictim(system);
      try {
        victim.work(death);
        const begun = await seal();
        const died = await Promise.race([victim.gone.then(() => true), begun.result().then(() => false)]);
        expect(died ? null : `${nameOf(death)} was not met`).toBeNull();
        // The next minute's comes before the one that died is given up.
        await begun.terminate();
        heir.work(null);
        await (await seal()).result();
      } finally {
        await Promise.all([victim.kill(), heir.kill()]);
      }
      const [waiting] = await em.execute<{ n: number }[]>(`select count(*)::int as n from audit_unsealed`);
      expect(waiting).toEqual({ n: 0 });
      const check = await checkAudit(em, createSealing(system.config.audit), { after: 0, most: 1_000_000 });
      expect(check).toMatchObject({ fault: null, complete: true, unsealed: { count: 0 } });
      const [last] = await em.execute<{ n: number }[]>(`select count(*)::int as n from audit_entries`);
      expect(check).toMatchObject({ checked: last?.n, head: { sequence: last?.n } });
    },
    180_000,
  );
});
