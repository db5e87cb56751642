import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MikroORM, openOrm } from '../adapters/postgres/orm';
import { openTemporal } from '../adapters/temporal/client';
import { createDispatcher } from '../adapters/temporal/dispatch';
import { freePort } from '../dev/engines/free-port';
import { bundleWorkflows } from '../workers/bundle';
import type { Cleanup } from './cleanup';
import { startEngines } from './engines';
import { madeUpAppeal, person, reviewerToken } from './moderation/made-up-appeals';
import { startApiProcess, startWorkerProcess } from './processes';
import { atMost, type Figure, median, reported } from './report';

/** Reviewers who claim one appeal at the same time, and how often they do. */
const claimants = 100;
const rounds = 5;
/** How many appeals are opened, or woken, side by side. */
const atOnce = 20;
const megabyte = 1024 * 1024;

/**
 * `npm run bench -- moderation [APPEALS]`: as many open appeals as said (1,000) on one worker process, which is stopped while their
 * deadlines pass and started again; and a hundred reviewers who claim one appeal at once, by HTTP.
 */
export async function benchModeration(args: readonly string[], cleanup: Cleanup): Promise<Figure[]> {
  const count = Number(args[0] ?? 1_000);
  if (!Number.isInteger(count) || count < rounds) throw new Error(`APPEALS must be a whole number from ${rounds}.`);
  const { folder, databaseUrl, temporalAddress } = await startEngines(cleanup);
  const bundlePath = join(folder, 'workflow-bundle.js');
  writeFileSync(bundlePath, (await bundleWorkflows()).code);
  const environment = {
    NODE_ENV: 'development',
    LOG_LEVEL: 'fatal',
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporalAddress,
    LANCEDB_URI: join(folder, 'vectors'),
    AUDIT_HEAD: join(folder, 'audit-head.json'),
    API_PORT: String(await freePort()),
    METRICS_PORT: String(await freePort()),
    RATE_LIMIT_REQUESTS: '1000000',
    VAULT_KEYS: `bench:${Buffer.alloc(32, 7).toString('base64url')}`,
  };
  const orm = await openOrm(databaseUrl, { max: atOnce });
  cleanup.add(() => orm.close(true));
  const client = await openTemporal({ address: temporalAddress, namespace: 'default' });
  cleanup.add(() => client.connection.close());
  const dispatcher = createDispatcher({ orm, client, onLeft: () => undefined });
  const rows = <T>(sql: string, values: unknown[] = []) => orm.em.fork().execute<T[]>(sql, values);
  const until = async (sql: string) => {
    while ((await rows<{ n: number }>(sql))[0]?.n !== count) await new Promise((resolve) => setTimeout(resolve, 50));
  };

  let worker = await startWorkerProcess(cleanup, { environment, bundlePath });
  const atRest = await worker.peakMemory();
  console.error(`opening ${count} appeals …`);
  const deciderId = await person(orm, 'moderator');
  for (let n = 0; n < 3; n += 1) await person(orm, 'reviewer');
  const opening = seconds();
  const appealIds = await sideBySide(count, async (n) => {
    const { appealId, outboxId } = await madeUpAppeal(orm, deciderId, n);
    await dispatcher.start(outboxId);
    return appealId;
  });
  await until(`select count(*)::int as n from jobs where type = 'appeal' and phase = 'submitted'`);
  const openedIn = opening();
  const whileOpen = await worker.peakMemory();

  console.error('their deadlines pass while no worker is there …');
  await worker.stop();
  await rows(`update appeals set escalates_at = now()`);
  // As their timers would, which nobody waits three days for here.
  await sideBySide(count, (n) => client.workflow.getHandle(`appeal:${appealIds[n]}`).signal('decidedTogether'));
  const starting = seconds();
  worker = await startWorkerProcess(cleanup, { environment, bundlePath });
  const startedIn = starting();
  await until(`select count(*)::int as n from appeals where escalation_level = 1`);
  const caughtUpIn = starting();
  const afterRestart = await worker.peakMemory();

  console.error(`${claimants} reviewers claim one appeal …`);
  const url = await startApiProcess(cleanup, environment);
  const tokens = await Promise.all(Array.from({ length: claimants }, () => reviewerToken(orm)));
  const slowest: number[] = [];
  let unlike = 0;
  for (const appealId of appealIds.slice(0, rounds)) {
    const answers = await Promise.all(tokens.map((token) => claim(`${url}/api/v1/appeals/${appealId}/claim`, token)));
    slowest.push(Math.max(...answers.map((answer) => answer.seconds)));
    const held = answers.filter(({ status }) => status === 200).length;
    const refused = answers.filter(({ status }) => status === 409).length;
    if (held !== 1 || refused !== claimants - 1 || !(await isHeldOnce(orm, appealId))) unlike += 1;
  }
  return [
    reported('worker at rest: most memory', atRest / megabyte, 'MB'),
    reported(`opening ${count} appeals, each with its decision`, openedIn, 's'),
    reported(`worker with ${count} open appeals: most memory`, whileOpen / megabyte, 'MB'),
    reported('after a restart: until the worker polls', startedIn, 's'),
    reported(`after a restart: until ${count} missed deadlines are escalated`, caughtUpIn, 's'),
    reported('after a restart: most memory', afterRestart / megabyte, 'MB'),
    atMost(0, `rounds of ${claimants} claims that did not end with one holder, and everybody else told so`, unlike, ''),
    reported('the slowest caller of a round, the middle of the rounds', median(slowest), 's'),
    atMost(5, 'the slowest caller of all rounds', Math.max(...slowest), 's'),
  ];
}

async function claim(url: string, token: string): Promise<{ status: number; seconds: number }> {
  const taken = seconds();
  const response = await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
  await response.text();
  return { status: response.status, seconds: taken() };
}

async function isHeldOnce(orm: MikroORM, appealId: string): Promise<boolean> {
  const [row] = await orm.em
    .fork()
    .execute<{ once: boolean }[]>(
      `select count(*) = 1 as once from audit_entries where event = 'appeal.claimed' and subject_id = ?`,
      [appealId],
    );
  return row?.once === true;
}

function seconds(): () => number {
  const begun = performance.now();
  return () => (performance.now() - begun) / 1_000;
}

/** Does something so many times, a few at once, and keeps the results in order. */
async function sideBySide<T>(count: number, work: (n: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const one = async () => {
    while (next < count) {
      const n = next;
      next += 1;
      results[n] = await work(n);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return results;
}
