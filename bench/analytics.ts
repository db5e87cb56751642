import { join } from 'node:path';
import { comparisonSettings } from '../adapters/environment/comparison-settings';
import { loadConfig } from '../adapters/environment/config';
import { type EntityManager, type MikroORM, openOrm } from '../adapters/postgres/orm';
import { recountFigures } from '../adapters/postgres/figures-recount';
import { freePort } from '../dev/engines/free-port';
import { granularities, type Granularity, metricNames, partingsOf } from '../domain/time-series';
import { exportedRows, mostWhileExporting } from './analytics/exporting';
import { fillAndMigrate, fillOneJournal, personId, timeActions } from './analytics/made-up-people';
import { snapshotOnce } from './analytics/nightly-snapshot';
import { settlingSideBySide } from './analytics/settling';
import type { Cleanup } from './cleanup';
import { startEngines } from './engines';
import { startApiProcess } from './processes';
import { atMost, type Figure, percentile, reported } from './report';
import { tokenOf } from './somebody-asking';

const actionsEach = 100;
/** Questions of each kind; their 95th percentile is reported. */
const questions = 200;

/** How far back each is asked: as far as there may be points, up to all there is. */
const daysBack: Record<Granularity, number> = { day: 399, week: 730, month: 730 };

/**
 * `npm run bench -- analytics [PEOPLE]`: so many people (10,000) with a hundred actions each over two years: how long it takes to count
 * them first, what counting costs a run, and how fast time series and summaries are told; and a journal of as many actions of one
 * person's as a file, with what that takes of memory.
 */
export async function benchAnalytics(args: readonly string[], cleanup: Cleanup): Promise<Figure[]> {
  const people = Number(args[0] ?? 10_000);
  if (!(people >= 100 && people % 10 === 0)) throw new Error('PEOPLE must be at least 100, in tens.');
  const actions = people * actionsEach;
  const count = actions.toLocaleString('en-US');
  const { folder, databaseUrl, ownerUrl, temporalAddress } = await startEngines(cleanup, { migrated: false });
  console.error(`making up ${count} actions, and counting them …`);
  const migratedIn = await fillAndMigrate(ownerUrl, { people, actionsEach });
  const orm = await openOrm(databaseUrl, { max: 4 });
  cleanup.add(() => orm.close(true));
  const owners = await openOrm(ownerUrl, { max: 1 });
  cleanup.add(() => owners.close(true));
  const owner = owners.em.fork();
  console.error('giving them playing times …');
  const timedIn = await timeActions(owner);
  console.error('counting anew …');
  const [recountedIn, differences] = await timed(() => recountFigures(orm.em.fork()));

  console.error('settling batches with the figures kept and without …');
  const settling = await settlingSideBySide(orm, owner, await someConnection(orm));

  const metricsPort = String(await freePort());
  const environment = {
    NODE_ENV: 'development',
    LOG_LEVEL: 'error',
    RATE_LIMIT_REQUESTS: '1000000',
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporalAddress,
    LANCEDB_URI: join(folder, 'vectors'),
    AUDIT_HEAD: join(folder, 'audit-head.json'),
    API_PORT: String(await freePort()),
    METRICS_PORT: metricsPort,
    VAULT_KEYS: `bench:${Buffer.alloc(32, 7).toString('base64url')}`,
  };

  console.error('a night’s snapshot, of two years and then of what changed …');
  const comparison = comparisonSettings(loadConfig(environment));
  const firstNight = await snapshotOnce(orm, comparison);
  await owner.execute(
    `update actions set status = 'undone' where status = 'applied' and run_id in (select id from runs where run_type = 'enforce' limit ?)`,
    [people / 10],
  );
  const laterNight = await snapshotOnce(orm, comparison);

  console.error('asking …');
  const url = `${await startApiProcess(cleanup, environment)}/api/v1/analytics`;
  const tokens = await Promise.all(
    Array.from({ length: 50 }, async (_, n) =>
      tokenOf(orm.em.fork(), await personId(orm.em.fork(), 1 + Math.floor((n * people) / 50))),
    ),
  );
  const ask = async (path: string, n: number): Promise<number> => {
    const [milliseconds] = await timed(async () => {
      const response = await fetch(`${url}/${path}`, {
        headers: { authorization: `Bearer ${tokens[n % tokens.length]}` },
      });
      await response.text();
      if (!response.ok) throw new Error(`${path} was answered with ${response.status}.`);
    });
    return milliseconds;
  };
  const asked = async (path: (n: number) => string, most = questions): Promise<number[]> => {
    for (let n = 0; n < 20; n += 1) await ask(path(n), n);
    const taken: number[] = [];
    for (let n = 0; n < most; n += 1) taken.push(await ask(path(n), n));
    return taken;
  };
  const series: Figure[] = [];
  for (const metric of metricNames)
    for (const granularity of granularities) {
      const partings = partingsOf[metric];
      const from = daysAgo(daysBack[granularity]);
      const taken = await asked(
        (n) =>
          `time-series?metric=${metric}&granularity=${granularity}&from=${from}&by=${partings[n % partings.length]}`,
      );
      series.push(atMost(30, `time series of ${metric} by ${granularity}, p95`, percentile(taken, 0.95), 'ms'));
    }
  const summaries = await asked(() => 'summary');

  console.error(`a journal of ${count} actions as a file …`);
  const journal = await fillOneJournal(owner, actions);
  const token = await tokenOf(orm.em.fork(), journal.userId);
  const files: Figure[] = [];
  for (const format of ['csv', 'json', 'ndjson'] as const) {
    const [seconds, { rows, megabytes }] = await timedSeconds(() =>
      mostWhileExporting(`${url}/export?view=actions&format=${format}`, { token, metricsPort }),
    );
    files.push(
      atMost(100, `memory that ${count} rows as ${format} take`, megabytes, 'MB'),
      reported(`${count} rows as ${format}`, seconds, 's'),
      atMost(0, `rows missing or doubled in ${format}`, Math.abs(exportedRows(format, rows) - actions), ''),
    );
  }

  return [
    reported(`migrating ${count} actions, each person’s figures counted`, migratedIn, 's'),
    reported(`changing ${count} actions in twenty statements, figures kept in step`, timedIn, 's'),
    reported(`counting ${count} actions anew`, recountedIn / 1_000, 's'),
    atMost(0, 'figures that differ from the recount', differences.length, ''),
    reported('a batch of 40 intended and settled, figures not kept, the middle', settling.without, 'ms'),
    reported('a batch of 40 intended and settled, figures kept, the middle', settling.with, 'ms'),
    atMost(60, 'nightly snapshot, where two years are to be closed', firstNight, 's'),
    atMost(60, 'nightly snapshot, where days of a tenth of all people changed', laterNight, 's'),
    ...series,
    atMost(30, 'summary, p95', percentile(summaries, 0.95), 'ms'),
    ...files,
  ];
}

async function timed<T>(work: () => Promise<T>): Promise<[milliseconds: number, T]> {
  const begun = performance.now();
  const result = await work();
  return [performance.now() - begun, result];
}

async function timedSeconds<T>(work: () => Promise<T>): Promise<[seconds: number, T]> {
  const [milliseconds, result] = await timed(work);
  return [milliseconds / 1_000, result];
}

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

async function someConnection(orm: MikroORM): Promise<{ userId: string; connectionId: string }> {
  const em: EntityManager = orm.em.fork();
  const userId = await personId(em, 1);
  const [row] = await em.execute<{ id: string }[]>(`select id from connections where user_id = ?`, [userId]);
  if (!row) throw new Error('They have no connection.');
  return { userId, connectionId: row.id };
}
