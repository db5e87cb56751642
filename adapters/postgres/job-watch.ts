import { type JobRow, loadJobs, loadMilestones, type Milestone } from './job-reads';
import type { MikroORM } from './orm';
import { watchTogether } from './watch-together';

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

/** Looks at all watched jobs of this process together. */
export function createJobWatch(orm: MikroORM, intervalMs = 1_000): JobWatch {
  const add = watchTogether<Watcher>(async (at, isWatching) => {
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
      if (!isWatching(watcher)) continue;
      const job = byId.get(watcher.jobId);
      const news = milestones.filter(({ jobId, seq }) => jobId === watcher.jobId && seq > watcher.seq);
      watcher.seq = news.at(-1)?.seq ?? watcher.seq;
      watcher.seen(job ? { job, milestones: news } : null);
    }
  }, intervalMs);
  return { watch: (jobId, seq, seen) => add({ jobId, seq, seen }) };
}
