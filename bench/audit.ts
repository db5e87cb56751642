import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createSealing } from '../adapters/audit-seal/sealing';
import { checkAudit } from '../adapters/postgres/audit-check';
import { openOrm } from '../adapters/postgres/orm';
import { projectRoot } from '../dev/engines/project-root';
import { onDatabase } from '../dev/engines/postgres/statements';
import type { SealerAnswer, SealerOrder } from './audit/sealer-process';
import { writeFor } from './audit/writers';
import type { Cleanup } from './cleanup';
import { compiled } from './compiled';
import { startDatabase } from './engines';
import { atLeast, atMost, type Figure, median, reported } from './report';

const writers = 20;
const rounds = 5;
const secondsEach = 4;
const key = { kid: 'bench', key: Buffer.alloc(32, 7) };

/**
 * `npm run bench -- audit`: rows a second that twenty writers add to the audit, each in a transaction of its own, with and without
 * sealing, by turns on one database. Without means that nothing is noted for sealing either. With, a process of its own seals
 * twice a second, which costs more than the once a minute of real life; what it leaves is sealed and checked at the end.
 */
export async function benchAudit(_args: readonly string[], cleanup: Cleanup): Promise<Figure[]> {
  const { folder, databaseUrl, ownerUrl } = await startDatabase(cleanup);
  const headFile = join(folder, 'audit-head.json');
  const orm = await openOrm(databaseUrl, { max: writers });
  cleanup.add(() => orm.close(true));
  const sealer = await startSealer(cleanup, { DATABASE_URL: databaseUrl, AUDIT_HEAD: headFile });
  const noting = (state: 'enable' | 'disable') =>
    onDatabase(ownerUrl, (run) => run(`alter table audit_entries ${state} trigger audit_entries_noted`));

  await writeFor(orm, { writers, seconds: 1 });
  const without: number[] = [];
  const sealed: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    await noting('disable');
    without.push((await writeFor(orm, { writers, seconds: secondsEach })) / secondsEach);
    await noting('enable');
    await sealer.tell('seal');
    sealed.push((await writeFor(orm, { writers, seconds: secondsEach })) / secondsEach);
    await sealer.tell('pause');
    console.error(
      `round ${round}: ${Math.round(without.at(-1) ?? 0)} rows/s without, ${Math.round(sealed.at(-1) ?? 0)} with`,
    );
  }
  const [left] = await orm.em.fork().execute<{ n: number }[]>(`select count(*)::int as n from audit_unsealed`);
  const drained = await sealer.tell('drain');
  // What was written while nothing was noted is no part of the chain; whoever looks at a real one would be told of it.
  await onDatabase(ownerUrl, async (run) => {
    await run(`alter table audit_entries disable trigger audit_entries_append_only`);
    await run(
      `delete from audit_entries where not exists (select from audit_seals s where s.entry_id = audit_entries.id)`,
    );
    await run(`alter table audit_entries enable trigger audit_entries_append_only`);
  });
  const startedAt = performance.now();
  const sealing = createSealing({ keys: [key], headFile });
  const check = await checkAudit(orm.em.fork(), sealing, { after: 0, most: 10_000_000 });
  const checkedIn = (performance.now() - startedAt) / 1000;
  return [
    reported(`${writers} writers, without sealing`, median(without), 'rows/s'),
    atLeast(600, `${writers} writers, with sealing`, median(sealed), 'rows/s'),
    atLeast(0.5, 'with ÷ without, the middle of the rounds', median(sealed.map((n, at) => n / (without[at] ?? n))), ''),
    reported('rows that waited for their seals when the writers stopped', left?.n ?? 0, 'rows'),
    reported('sealing what waited', drained.sealed / Math.max(drained.seconds, 0.001), 'rows/s'),
    atMost(0, 'faults in the chain', check.fault ? 1 : 0, 'faults'),
    reported('rows in the chain', check.upTo, 'rows'),
    reported('checking them', check.checked / checkedIn, 'rows/s'),
  ];
}

async function startSealer(cleanup: Cleanup, environment: Record<string, string>) {
  const child = fork(join(compiled(cleanup), 'bench', 'audit', 'sealer-process.js'), [], {
    cwd: projectRoot,
    stdio: ['ignore', 2, 2, 'ipc'],
    env: { PATH: process.env.PATH, SEAL_KEY: key.key.toString('base64url'), SEAL_KID: key.kid, ...environment },
  });
  cleanup.add(() => void child.kill('SIGTERM'));
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The sealer ended with code ${String(code)}.`);
  });
  ended.catch(() => undefined);
  const answer = async (): Promise<SealerAnswer> => {
    const [told] = (await Promise.race([once(child, 'message'), ended])) as [SealerAnswer];
    return told;
  };
  await answer();
  return {
    tell(order: SealerOrder): Promise<SealerAnswer> {
      child.send(order);
      return answer();
    },
  };
}
