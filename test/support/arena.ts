import { backupOf, planFromBackup } from './backup';
import type { KillPoint, Step } from './kill-points';
import { runDifferences } from './run-differences';
import { type SmallLibrary, smallLibrary } from './small-library';
import { type Person, startSystem, type System } from './system';
import { startVictim, type Victim } from './victim';

export interface Arena {
  /** Kills a worker in the runs of everybody here and another in their rollbacks, and says what is wrong afterwards. */
  runAndRollBack(inRun: KillPoint | null, inRollback: KillPoint | null): Promise<string[]>;
  /** The steps of undisturbed runs and rollbacks. */
  countSteps(): Promise<{ inRun: Step[]; inRollback: Step[] }>;
  close(): Promise<void>;
}

type Started = { runId: string; jobId: string };

/**
 * What the runs here do: `enforce` takes an artist out by a block; `restore` puts the same back from a backup, after somebody has
 * lost it by hand.
 */
export type ArenaStory = 'enforce' | 'restore';

interface End {
  library: 'library' | 'without';
  receipt: { removed: number; restored: number };
  /** Whether the likes that are out are listed in a playlist. */
  lists: boolean;
}
const out: End = { library: 'without', receipt: { removed: 11, restored: 0 }, lists: false };
const back: End = { library: 'library', receipt: { removed: 0, restored: 11 }, lists: false };
const ends: Record<ArenaStory, { run: End; undo: End }> = {
  enforce: { run: { ...out, lists: true }, undo: back },
  restore: { run: back, undo: out },
};

/** A system whose people have small libraries, for one crash after the other. One worker process follows the next. */
export async function openArena(users: readonly string[], story: ArenaStory = 'enforce'): Promise<Arena> {
  const system = await startSystem();
  const catalog = await system.admin.tracks(5000);
  const members: { user: string; person: Person; small: SmallLibrary }[] = [];
  for (const user of users) {
    const small = smallLibrary(user, catalog);
    await system.admin.setLibrary(user, small.library);
    members.push({ user, person: await system.connect(user), small });
  }
  let worker = await startVictim(system);
  worker.work(null);

  const prepare = () =>
    Promise.all(
      members.map(async ({ user, person, small }) => {
        if (story === 'restore') await system.admin.setLibrary(user, small.library);
        await person.sync();
        if (story === 'restore') {
          const backup = await backupOf(system, person);
          await system.admin.setLibrary(user, small.without);
          return (await planFromBackup(system, person, backup)).id;
        }
        await person.block(small.blockedArtistId);
        return (await person.plan('standard', { removedLikesPlaylist: true })).id;
      }),
    );

  /** Starts a run for each member; the worker may die in them, then the next one, which had been waiting, goes on. */
  async function finished(kill: KillPoint | null, start: (n: number) => Promise<Started>): Promise<Finished> {
    const next = kill ? await startVictim(system) : null;
    worker.work(kill);
    const jobs = await Promise.all(members.map((_, n) => start(n)));
    const ended = Promise.all(jobs.map(({ jobId }) => system.jobEnd(jobId)));
    await Promise.race([worker.gone, ended]);
    const steps = worker.steps();
    if (next) worker = await replace(worker, next);
    await ended;
    return { jobs, steps };
  }

  return {
    async runAndRollBack(inRun, inRollback) {
      const plans = await prepare();
      const runs = await finished(inRun, (n) =>
        (members[n] as (typeof members)[number]).person.execute(plans[n] ?? ''),
      );
      const found = await check(system, members, runs, ends[story].run);
      const undos = await finished(inRollback, (n) =>
        (members[n] as (typeof members)[number]).person.rollback(runs.jobs[n]?.runId ?? ''),
      );
      return [...found, ...(await check(system, members, undos, ends[story].undo))];
    },
    async countSteps() {
      const plans = await prepare();
      const runs = await finished(null, (n) => (members[n] as (typeof members)[number]).person.execute(plans[n] ?? ''));
      const undos = await finished(null, (n) =>
        (members[n] as (typeof members)[number]).person.rollback(runs.jobs[n]?.runId ?? ''),
      );
      return { inRun: runs.steps, inRollback: undos.steps };
    },
    async close() {
      await worker.kill();
      await system.close();
    },
  };
}

interface Finished {
  jobs: Started[];
  steps: Step[];
}

async function replace(worker: Victim, next: Victim): Promise<Victim> {
  await worker.kill();
  next.work(null);
  return next;
}

async function check(
  system: System,
  members: readonly { user: string; person: Person; small: SmallLibrary }[],
  { jobs }: Finished,
  { library, receipt, lists }: End,
): Promise<string[]> {
  const found = await Promise.all(
    members.map(({ user, person, small }, n) =>
      runDifferences(
        system,
        { user, person, ...(jobs[n] as Started) },
        {
          library: small[library],
          lists: lists ? [removedLikes(small)] : [],
          receipt: { untouched: 10, unexplained: 0, ...receipt },
        },
      ),
    ),
  );
  return found.flat();
}

/** In their order. */
const removedLikes = ({ library, without }: SmallLibrary): string[] => {
  const kept = new Set(without.likes.map(({ trackId }) => trackId));
  return library.likes.flatMap(({ trackId }) => (kept.has(trackId) ? [] : [`spotify:track:${trackId}`]));
};
