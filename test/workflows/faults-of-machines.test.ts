import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { migrate } from '../../adapters/postgres/migrate';
import { lastingPort } from '../support/lasting-port';
import { startPostgres } from '../../dev/engines/postgres';
import { projectRoot } from '../../dev/engines/project-root';
import { startTemporal } from '../../dev/engines/temporal';
import { faultScenes, type Place } from '../support/fault-scenes';
import { shapeOf } from '../support/sandbox-admin';
import { planDislikes, ratingsOf, smallAppleLibrary } from '../support/small-apple-library';
import { openStage } from '../support/stage';
import { type Person, startSystem, type System } from '../support/system';
import { startVictim } from '../support/victim';

/** Engines that are started anew in the middle of a run and of its rollback, and workers whose clock is an hour off. */
const user = 'apple-listener';
const hour = 3_600;
const cacheDir = process.env.ENGINES_CACHE || join(projectRoot, '.data', 'engines');
const places = ['Spotify, development', 'Apple Music'] as const;

let system: System;
let folder: string;
const stops: (() => Promise<unknown>)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dnp-machines-'));
  // PostgreSQL may run as another user, which has to get in.
  chmodSync(folder, 0o755);
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  rmSync(folder, { recursive: true, force: true });
});

const { scene, complete } = faultScenes('faults-of-machines.test.ts', () => system);

async function opened(environment: Record<string, string> = {}): Promise<System> {
  system = await startSystem({ environment });
  stops.push(() => system.close());
  return system;
}

/** A run and its rollback at one provider, in the middle of each of which something happens. */
async function disturbed(at: Place, disturb: () => Promise<void>, first?: (story: Story) => Promise<void>) {
  const story = at === 'Apple Music' ? await atAppleMusic() : await atSpotify();
  await first?.(story);
  const service = at === 'Apple Music' ? 'apple_music' : 'spotify';
  const inTheMiddle = async (start: () => Promise<{ runId: string; jobId: string }>) => {
    await system.admin.fault({ service, times: 10_000, delayMs: 250 });
    const run = await start();
    const begun = `select id from actions where run_id = ? and status <> 'pending' limit 1`;
    while ((await system.orm.em.fork().execute<unknown[]>(begun, [run.runId])).length === 0) await sleep(20);
    await disturb();
    await system.admin.clearFaults();
    await system.jobEnd(run.jobId);
    expect(await story.person.run(run.runId)).toMatchObject({ status: 'completed', receipt: { unexplained: 0 } });
    return run.runId;
  };
  const runId = await inTheMiddle(() => story.person.execute(story.planId));
  expect(await story.now()).toEqual(story.after);
  const undoId = await inTheMiddle(() => story.person.rollback(runId));
  expect(await story.now()).toEqual(story.before);
  return { user, runIds: [runId, undoId] };
}

interface Story {
  person: Person;
  planId: string;
  before: unknown;
  after: unknown;
  now(): Promise<unknown>;
}

async function atSpotify(): Promise<Story> {
  const stage = await openStage(system, user);
  const { small, plan } = await stage.scene();
  const now = async () => shapeOf(await stage.library());
  return { person: stage.person, planId: plan.id, before: shapeOf(small.library), after: shapeOf(small.without), now };
}

async function atAppleMusic(): Promise<Story> {
  const person = await system.connectAppleMusic(user);
  const small = smallAppleLibrary(await system.admin.tracks(5_000));
  const { plan, before, after } = await planDislikes(system, user, person, small);
  return { person, planId: plan.id, before, after, now: async () => ratingsOf(await system.admin.appleLibrary(user)) };
}

const seconds = 5;
const onlyLong = { onlyLong: true };
for (const at of places) {
  scene(
    'PostgreSQL restarted',
    at,
    `in the middle of a run and of its rollback, away for ${seconds} s`,
    async () => {
      const port = await lastingPort();
      const start = () => startPostgres({ dataDir: folder, port, throwaway: true });
      let postgres = await start();
      stops.push(() => postgres.stop());
      await migrate(postgres.ownerUrl);
      await (await opened({ DATABASE_URL: postgres.url })).startWorkers();
      return disturbed(at, async () => {
        await postgres.stop();
        await sleep(seconds * 1_000);
        postgres = await start();
      });
    },
    onlyLong,
  );

  scene(
    'Temporal restarted',
    at,
    `in the middle of a run and of its rollback, away for ${seconds} s`,
    async () => {
      const ports = { port: await lastingPort(), httpPort: await lastingPort(), metricsPort: await lastingPort() };
      const start = () => startTemporal({ dataDir: folder, cacheDir, uiPort: null, ...ports });
      let temporal = await start();
      stops.push(() => temporal.stop());
      await (await opened({ TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: 'default' })).startWorkers();
      return disturbed(at, async () => {
        await temporal.stop();
        await sleep(seconds * 1_000);
        temporal = await start();
      });
    },
    onlyLong,
  );
}

/** How much is planned while the blocks end, or have ended, within that hour. */
async function planned({ person }: Story, endsIn: string): Promise<number> {
  const em = system.orm.em.fork();
  await em.execute(`update blocks set expires_at = now() + ?::interval where user_id = ?`, [endsIn, person.userId]);
  const { id } = await person.plan();
  const [count] = await em.execute<{ n: number }[]>(
    `select count(*)::int as n from plan_items where plan_id = ? and included`,
    [id],
  );
  await em.execute(`update blocks set expires_at = null where user_id = ?`, [person.userId]);
  return count?.n ?? 0;
}

const clocks = [
  { name: 'ahead', ahead: hour, inShort: 'Spotify, development' },
  { name: 'behind', ahead: -hour, inShort: null },
];
for (const { name, ahead, inShort } of clocks)
  for (const at of places)
    scene(
      'a clock an hour off',
      at,
      `a worker's, ${name}: blocks end when they end, tokens and waits are right`,
      async () => {
        const worker = await startVictim(await opened(), ahead);
        stops.push(() => worker.kill());
        worker.work(null);
        const service = at === 'Apple Music' ? 'apple_music' : 'spotify';
        return disturbed(
          at,
          async () => {
            if (at !== 'Apple Music') await system.admin.expireTokens(user);
            await system.admin.clearFaults();
            await system.admin.fault({ service, status: 429, retryAfter: 1 });
            while ((await system.admin.faults()).length > 0) await sleep(20);
          },
          async (story) => {
            expect(await planned(story, '30 minutes')).toBeGreaterThan(0);
            expect(await planned(story, '-30 minutes')).toBe(0);
          },
        );
      },
      { onlyLong: at !== inShort },
    );

complete();
