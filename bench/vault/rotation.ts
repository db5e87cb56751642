import { newId } from '../../adapters/postgres/ids';
import type { MikroORM } from '../../adapters/postgres/orm';
import { vaultReport } from '../../adapters/postgres/vault-report';
import { startVaultRotation } from '../../adapters/postgres/vault-rotation-start';
import type { Vault } from '../../adapters/vault/vault';
import type { Dispatcher } from '../../adapters/temporal/dispatch';
import { jobEnd } from '../../dev/connected-account/person';
import { atLeast, atMost, type Figure, median, percentile, reported } from '../report';
import { makeConnections } from './connections';
import { freshAccess } from './reads';

const credentials = 10_000;
const readsPerSecond = 50;

/** Ten thousand credentials move to a new key while their tokens are read. */
export async function benchRotation(deps: {
  orm: MikroORM;
  dispatcher: Dispatcher;
  /** A vault in which the old key seals, and one that has the new one first. */
  old: Vault;
  both: Vault;
}): Promise<Figure[]> {
  const { orm, both } = deps;
  const em = () => orm.em.fork();
  const ids = await makeConnections(orm, deps.old, credentials, { secondsLeft: 36_000, dueWithin: 864_000 });
  const adminId = newId();
  await em().execute(`insert into users (id, display_name) values (?, 'An Admin')`, [adminId]);
  const { jobId, outboxId } = await em().transactional((tx) =>
    startVaultRotation(tx, { userId: adminId, keyId: both.keyIds[0], requestId: null }),
  );

  const reading = readSteadily(freshAccess(orm, both), ids);
  const startedAt = performance.now();
  await deps.dispatcher.start(outboxId ?? '');
  const { status } = await jobEnd(orm, jobId);
  const seconds = (performance.now() - startedAt) / 1000;
  const { took, failed } = await reading.stop();
  if (status !== 'completed') throw new Error(`The rotation ended ${status}.`);
  const [job] = await em().execute<{ done: number }[]>(`select done from jobs where id = ?`, [jobId]);
  const { toRotate } = await vaultReport(em(), both);
  return [
    atMost(0, `rotating ${credentials} credentials: reads that failed meanwhile`, failed, 'reads'),
    atMost(0, 'values left under the old key', toRotate, 'values'),
    reported('credentials moved', credentials / seconds, 'rows/s'),
    reported('sealed values moved, two a credential', (job?.done ?? 0) / seconds, 'values/s'),
    reported('it took', seconds, 's'),
    atLeast(0.9 * readsPerSecond, 'reads that went on meanwhile', took.length / seconds, 'reads/s'),
    reported('a read meanwhile: p50', median(took), 'ms'),
    reported('a read meanwhile: p99', percentile(took, 0.99), 'ms'),
  ];
}

/** Reads one token after another by the clock, whether or not the one before has come. */
function readSteadily(access: ReturnType<typeof freshAccess>, ids: readonly string[]) {
  const took: number[] = [];
  const under = new Set<Promise<void>>();
  let failed = 0;
  let begun = 0;
  const startedAt = performance.now();
  const read = async () => {
    const readAt = performance.now();
    try {
      await access.forConnection(ids[Math.floor(Math.random() * ids.length)] ?? '');
      took.push(performance.now() - readAt);
    } catch {
      failed += 1;
    }
  };
  const timer = setInterval(() => {
    // A timer that came late makes up for it.
    while (begun < ((performance.now() - startedAt) / 1000) * readsPerSecond) {
      begun += 1;
      const one: Promise<void> = read().finally(() => under.delete(one));
      under.add(one);
    }
  }, 1000 / readsPerSecond);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(under);
      return { took, failed };
    },
  };
}
