import { type JobRow, loadJobs, loadMilestones, type Milestone } from './job-reads';
import type { MikroORM } from './orm';

/** How a job stands, and the milestones that this watcher has not been told. */
export interface JobSighting {
  job: JobRow;
  milestones: Milestone[];
}

export interface JobWatch {
  /**
   * Tells `seen` about a job, at once and then once a second, until it is gone (null) or the returned function is called.
   * However many watch, each second costs two statements; nobody holds a connection of the pool meanwhile.
   */
  watch(jobId: string, afterSeq: number, seen: (sighting: JobSighting | null) => void): () => void;
}

interface Watcher {
  jobId: string;
  seq: number;
  seen: (sighting: JobSighting | null) => void;
}

/** Looks at all watched jobs of this process together. A look that fails is made up for by the next. */
export function createJobWatch(orm: MikroORM, intervalMs = 1_000): JobWatch {
  const watchers = new Set<Watcher>();
  let timer: NodeJS.Timeout | null = null;
  let looking = false;

  async function look(at: readonly Watcher[]): Promise<void> {
    const em = orm.em.fork();
    const jobs = await loadJobs(em, [...new Set(at.map(({ jobId }) => jobId))]);
    // Read after the jobs: an end and its last milestone are committed together, so an ended job's are all there.
    const lowest = new Map<string, number>();
    for (const { jobId, seq } of at) lowest.set(jobId, Math.min(lowest.get(jobId) ?? seq, seq));
    const milestones = await loadMilestones(
      em,
      [...lowest].map(([jobId, seq]) => ({ jobId, seq })),
    );
    const byId = new Map(jobs.map((job) => [job.id, job]));
    for (const watcher of at) {
      if (!watchers.has(watcher)) continue;
      const job = byId.get(watcher.jobId);
      const news = milestones.filter(({ jobId, seq }) => jobId === watcher.jobId && seq > watcher.seq);
      watcher.seq = news.at(-1)?.seq ?? watcher.seq;
      watcher.seen(job ? { job, milestones: news } : null);
    }
  }

  async function tick(): Promise<void> {
    if (looking) return;
    looking = true;
    await look([...watchers]).catch(() => undefined);
    looking = false;
  }

  return {
    watch(jobId, afterSeq, seen) {
      const watcher: Watcher = { jobId, seq: afterSeq, seen };
      watchers.add(watcher);
      timer ??= setInterval(() => void tick(), intervalMs).unref();
      void tick();
      return () => {
        watchers.delete(watcher);
        if (watchers.size > 0 || timer === null) return;
        clearInterval(timer);
        timer = null;
      };
    },
  };
}
