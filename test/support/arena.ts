import { type ArenaStory, joinAs, type Member } from './arena-members';
import type { KillPoint, Step } from './kill-points';
import { startSystem } from './system';
import { startVictim, type Victim } from './victim';

export interface Arena {
  /** Kills a worker in the runs of everybody here and another in their rollbacks, and says what is wrong afterwards. */
  runAndRollBack(inRun: KillPoint | null, inRollback: KillPoint | null): Promise<string[]>;
  /** The steps of undisturbed runs and rollbacks. */
  countSteps(): Promise<{ inRun: Step[]; inRollback: Step[] }>;
  close(): Promise<void>;
}

type Started = { runId: string; jobId: string };

/** A system whose people have small libraries, for one crash after the other. One worker process follows the next. */
export async function openArena(users: readonly string[], story: ArenaStory, dialect?: 'extended'): Promise<Arena> {
  const system = await startSystem(dialect ? { environment: extendedApp } : {});
  if (dialect) await system.admin.setSpotifyApp('sandbox-spotify', { dialect });
  const members: Member[] = [];
  for (const user of users) members.push(await joinAs[story](system, user));
  let worker = await startVictim(system);
  worker.work(null);

  /** Starts a run for each member; the worker may die in them, then the next one, which had been waiting, goes on. */
  async function finished(kill: KillPoint | null, start: (member: Member, n: number) => Promise<Started>) {
    const next = kill ? await startVictim(system) : null;
    worker.work(kill);
    const jobs = await Promise.all(members.map(start));
    const ended = Promise.all(jobs.map(({ jobId }) => system.jobEnd(jobId)));
    await Promise.race([worker.gone, ended]);
    const steps = worker.steps();
    if (next) worker = await replace(worker, next);
    await ended;
    return { jobs, steps };
  }

  async function thereAndBack(inRun: KillPoint | null, inRollback: KillPoint | null) {
    const judge = async (jobs: readonly Started[], when: 'after the run' | 'after the rollback') =>
      (await Promise.all(members.map((member, n) => member.differences(jobs[n] as Started, when)))).flat();
    const plans = await Promise.all(members.map((member) => member.plan()));
    const runs = await finished(inRun, ({ person }, n) => person.execute(plans[n] ?? ''));
    const found = await judge(runs.jobs, 'after the run');
    const undos = await finished(inRollback, ({ person }, n) => person.rollback(runs.jobs[n]?.runId ?? ''));
    found.push(...(await judge(undos.jobs, 'after the rollback')));
    return { found, inRun: runs.steps, inRollback: undos.steps };
  }

  return {
    runAndRollBack: async (inRun, inRollback) => (await thereAndBack(inRun, inRollback)).found,
    countSteps: () => thereAndBack(null, null),
    async close() {
      await worker.kill();
      await system.close();
    },
  };
}

const extendedApp = { SPOTIFY_APPS: 'sandbox-spotify:sandbox-spotify-secret:developer-1:extended' };

async function replace(worker: Victim, next: Victim): Promise<Victim> {
  await worker.kill();
  next.work(null);
  return next;
}
