import { createCredentialStore } from '../../adapters/postgres/credentials';
import { newId } from '../../adapters/postgres/ids';
import { vaultReport } from '../../adapters/postgres/vault-report';
import { startVaultRotation } from '../../adapters/postgres/vault-rotation-start';
import { both, newKey, oldKey, onlyNew, onlyOld, ringText, sealedConnection } from '../integration/vault/sealed-rows';
import { type KillPoint, nameOf } from '../support/kill-points';
import { startSystem, type System } from '../support/system';
import { startVictim } from '../support/victim';

/**
 * A worker dies by SIGKILL in the middle of a rotation; another one goes on, and everything is under the newest key, once.
 */
const deaths: KillPoint[] = [
  { kind: 'commit', when: 'before', label: 'moveBatch', n: 2 },
  { kind: 'commit', when: 'after', label: 'moveBatch', n: 2 },
  { kind: 'commit', when: 'before', label: 'finishVaultRotation', n: 1 },
  { kind: 'commit', when: 'after', label: 'finishVaultRotation', n: 1 },
];
/** Each costs a heartbeat's silence. */
const sample = process.env.LONG ? deaths : deaths.slice(1, 2);
/** More than two batches of 200. */
const many = 250;

let system: System;
let adminId: string;
beforeAll(async () => {
  system = await startSystem({ environment: { VAULT_KEYS: ringText([newKey, oldKey]) } });
  adminId = newId();
  await system.orm.em.fork().execute(`insert into users (id, display_name) values (?, 'An Admin')`, [adminId]);
}, 120_000);
afterAll(() => system?.close());

test.each(sample.map((kill) => [nameOf(kill), kill] as const))(
  'a worker killed %s: another goes on',
  async (_name, kill) => {
    const em = () => system.orm.em.fork();
    await em().execute(`delete from credentials`);
    const ids: string[] = [];
    for (let n = 0; n < many; n += 1) ids.push(await sealedConnection(system.orm, onlyOld));
    const { jobId, outboxId } = await em().transactional((tx) =>
      startVaultRotation(tx, { userId: adminId, keyId: 'new', requestId: null }),
    );
    const [first, second] = [await startVictim(system), await startVictim(system)];
    try {
      first.work(kill);
      await system.dispatcher.start(outboxId ?? '');
      await first.gone;
      second.work(null);
      expect(await system.jobEnd(jobId)).toMatchObject({ status: 'completed', failure_code: null });
    } finally {
      await second.kill();
    }
    const [job] = await em().execute(`select done, total from jobs where id = ?`, [jobId]);
    expect(job).toEqual({ done: 2 * many, total: 2 * many });
    expect(await vaultReport(em(), both)).toMatchObject({ toRotate: 0, keyMissing: 0 });
    const store = createCredentialStore(system.orm, onlyNew);
    for (const id of ids)
      expect(await store.read(id)).toEqual({ accessToken: `access-${id}`, refreshToken: `refresh-${id}`, version: 1 });
  },
  240_000,
);
