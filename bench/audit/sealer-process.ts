import { setTimeout as delay } from 'node:timers/promises';
import { createSealing } from '../../adapters/audit-seal/sealing';
import { sealFor } from '../../adapters/postgres/audit-seals';
import { openOrm } from '../../adapters/postgres/orm';

/** Seal what there is, twice a second; stop that; seal all that is left. */
export type SealerOrder = 'seal' | 'pause' | 'drain';
export interface SealerAnswer {
  sealed: number;
  seconds: number;
}

/** Seals in a process of its own, as a worker does beside the API. */
async function main(): Promise<void> {
  const { DATABASE_URL = '', AUDIT_HEAD = '', SEAL_KEY = '', SEAL_KID = '' } = process.env;
  const orm = await openOrm(DATABASE_URL, { max: 3 });
  const sealing = createSealing({
    keys: [{ kid: SEAL_KID, key: Buffer.from(SEAL_KEY, 'base64url') }],
    headFile: AUDIT_HEAD,
  });
  const tell = (answer: SealerAnswer) => process.send?.(answer);
  let on = false;
  let loop = Promise.resolve();
  const sealOn = async () => {
    while (on) {
      await sealFor(orm.em.fork(), 10, sealing);
      await delay(500);
    }
  };
  process.on('message', (order: SealerOrder) => {
    void (async () => {
      const startedAt = performance.now();
      on = order === 'seal';
      if (on) {
        loop = sealOn();
        return tell({ sealed: 0, seconds: 0 });
      }
      await loop;
      const { sealed } = order === 'drain' ? await sealFor(orm.em.fork(), 600, sealing) : { sealed: 0 };
      tell({ sealed, seconds: (performance.now() - startedAt) / 1_000 });
    })();
  });
  process.once('disconnect', () => process.exit(0));
  await orm.em.fork().execute('select 1');
  tell({ sealed: 0, seconds: 0 });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
