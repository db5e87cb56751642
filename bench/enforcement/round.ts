import type { Client } from '@temporalio/client';
import type { MikroORM } from '../../adapters/postgres/orm';
import { jobEnd, type Person } from '../../dev/connected-account/person';
import { type sandboxAdmin, type SandboxLibrary, shapeOf } from '../../dev/connected-account/sandbox-admin';
import { callsAtOnce } from '../../domain/concurrency';
import { leastCalls, type PlannedItem } from '../../domain/planning';
import { leastRollbackCalls } from '../../domain/rollback-calls';
import { bareCallSeconds } from './bare-calls';
import { eventCount, planningSeconds } from './histories';
import { countingCalls } from './provider-calls';

export interface BenchSystem {
  orm: MikroORM;
  client: Client;
  admin: ReturnType<typeof sandboxAdmin>;
  sandboxUrl: string;
  /** Of the same account, for calls beside the system's. */
  accessToken: string;
}

/** What one plan, its run and the rollback of it took. */
export interface Round {
  items: number;
  planningSeconds: number;
  leastCalls: number;
  leastRollbackCalls: number;
  run: Execution;
  /** As many calls as the run's in a bare loop, right after it. */
  bareSeconds: number;
  rollback: Execution;
  /** Parts of the library (likes, albums, follows, each playlist) that the rollback left different. */
  partsChanged: number;
}

interface Execution {
  calls: number;
  /** From the first slice's beginning to the run's end, on the database's clock. */
  ownSeconds: number;
  /** From the request to the job's end as its owner sees it. */
  wholeSeconds: number;
  events: number;
}

/** Makes a plan, carries it out and takes it back. Throws where anything of it fails. */
export async function playRound(system: BenchSystem, person: Person): Promise<Round> {
  const whole = await system.admin.library('listener');
  const before = shapeOf(whole);
  const plan = await person.plan();
  const items = await plannedItems(system, plan.id);
  const { runId, ...run } = await carryOut(system, person, () => person.execute(plan.id));
  const reduced = await system.admin.library('listener');
  const bareSeconds = await bareCallSeconds(system, run.calls, callsAtOnce);
  const { runId: _, ...rollback } = await carryOut(system, person, () => person.rollback(runId));
  const after = shapeOf(await system.admin.library('listener'));
  return {
    items: items.filter(({ included }) => included).length,
    planningSeconds: await planningSeconds(system.client, plan.id),
    leastCalls: leastCalls(items),
    leastRollbackCalls: leastUndo(reduced, whole),
    run,
    bareSeconds,
    rollback,
    partsChanged: differences(before, after),
  };
}

async function carryOut(
  system: BenchSystem,
  person: Person,
  start: () => Promise<{ runId: string; jobId: string }>,
): Promise<Execution & { runId: string }> {
  const { calls, seconds, result } = await countingCalls(system.admin, async () => {
    const started = await start();
    return { ...started, end: await jobEnd(system.orm, started.jobId) };
  });
  const run = await person.run(result.runId);
  if (run.status !== 'completed') throw new Error(`The ${run.runType} ended ${run.status} ${run.failureCode ?? ''}.`);
  const [times] = await system.orm.em
    .fork()
    .execute<{ seconds: number }[]>(
      `select extract(epoch from finished_at - started_at)::float8 as seconds from runs where id = ?`,
      [run.id],
    );
  return {
    runId: run.id,
    calls,
    ownSeconds: times?.seconds ?? Number.NaN,
    wholeSeconds: seconds,
    events: await eventCount(system.client, `run:${run.id}`),
  };
}

type CountedItem = Pick<PlannedItem, 'itemType' | 'uri' | 'playlistProviderId' | 'action' | 'included'>;

function plannedItems({ orm }: BenchSystem, planId: string): Promise<CountedItem[]> {
  return orm.em
    .fork()
    .execute<CountedItem[]>(
      `select item_type as "itemType", uri, playlist_id as "playlistProviderId", action_type as action, included from plan_items where plan_id = ?`,
      [planId],
    );
}

/** The fewest calls from one library to the other, which has all that it has and more. */
function leastUndo(reduced: SandboxLibrary, whole: SandboxLibrary): number {
  const missing = (kind: 'likes' | 'albums' | 'follows') => whole[kind].length - reduced[kind].length;
  const left = new Map(reduced.playlists.map(({ id, items }) => [id, items]));
  return leastRollbackCalls(
    [missing('likes'), missing('albums'), missing('follows')],
    whole.playlists.map(({ id, items }) => ({ live: left.get(id) ?? [], target: items })),
  );
}

function differences(before: ReturnType<typeof shapeOf>, after: ReturnType<typeof shapeOf>): number {
  const parts = (shape: ReturnType<typeof shapeOf>): Record<string, unknown> => ({
    ...shape.playlists,
    ...shape,
    playlists: null,
  });
  const [was, is] = [parts(before), parts(after)];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]),
  ).length;
}
