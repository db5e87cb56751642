import type { Job } from './contract';
import { DemoFailure } from './demo-failure';
import { readEvents } from './event-stream';
import type { Person } from './person';
import { ProgressBar, type Screen } from './progress-bar';

/** What was seen of a job until its end. */
export interface JobStory {
  job: Job;
  /** Why it waited, in order. */
  waits: string[];
}

export interface Following {
  label: string;
  screen: Screen;
  /** Runs beside the job; its signal ends with the job. */
  meanwhile?: (scene: { job: Job; note: (text: string) => void; signal: AbortSignal }) => Promise<void>;
}

/** A job that shows nothing new for so long, beyond what it says it waits for, is given up. Milliseconds. */
const longestSilence = 180_000;
/** Broken streams in a row without an event between them, after which the job is polled. */
const mostBrokenStreams = 3;

/**
 * Shows a job's progress until it ends: by server-sent events, by polling where those don't come.
 *
 * @throws DemoFailure where it ends otherwise than completed, or nothing moves any more
 */
export async function followJob(person: Person, jobId: string, options: Following): Promise<JobStory> {
  const first = await person.get<Job>(`jobs/${jobId}`);
  const bar = new ProgressBar(options.screen, options.label);
  const watch = new Watch(first, bar);
  const over = new AbortController();
  const ticker = setInterval(() => watch.tick(), 1_000);
  const note = (text: string) => bar.note(text);
  const beside = options.meanwhile?.({ job: first, note, signal: over.signal }).catch((error: unknown) => {
    if (!over.signal.aborted) throw error;
  });
  try {
    await Promise.all([untilEnded(person, watch).finally(() => over.abort()), beside]);
  } finally {
    over.abort();
    clearInterval(ticker);
    bar.end();
  }
  const { job, waits } = watch;
  if (job.status !== 'completed')
    throw new DemoFailure(
      `The job ${job.type} ended ${job.status}${job.failure ? ` (${job.failure.code})` : ''}${at(job)}`,
    );
  return { job, waits };
}

/** The latest sight of a job, and what a person is told of it. */
class Watch {
  job: Job;
  readonly waits: string[] = [];
  readonly #bar: ProgressBar;
  readonly silence = new AbortController();
  #newsAt = Date.now();

  constructor(job: Job, bar: ProgressBar) {
    this.job = job;
    this.#bar = bar;
    this.see(job);
  }

  see(job: Job): void {
    const began = job.waiting && this.job.waiting?.until !== job.waiting.until;
    if (job.waiting && (began || this.waits.length === 0)) {
      this.waits.push(job.waiting.reason);
      const until =
        job.waiting.until === null ? '' : ` until ${new Date(job.waiting.until).toLocaleTimeString('en-GB')}`;
      this.#bar.note(`The job waits${until} (${job.waiting.reason})${at(job)}`);
    }
    if (JSON.stringify({ ...job, etaSeconds: 0 }) !== JSON.stringify({ ...this.job, etaSeconds: 0 }))
      this.#newsAt = Date.now();
    this.job = job;
    this.#bar.show(job);
  }

  say(text: string): void {
    this.#bar.note(text);
  }

  tick(): void {
    this.#bar.show(this.job);
    const due = Math.max(this.#newsAt, this.job.waiting?.until ? Date.parse(this.job.waiting.until) : 0);
    if (Date.now() - due > longestSilence) this.silence.abort();
  }

  get ended(): boolean {
    return ['completed', 'failed', 'cancelled'].includes(this.job.status);
  }
}

async function untilEnded(person: Person, watch: Watch): Promise<void> {
  let lastEventId = '';
  let broken = 0;
  while (!watch.ended && broken < mostBrokenStreams) {
    broken += 1;
    try {
      const { signal } = watch.silence;
      const response = await person.events(`jobs/${watch.job.id}/events`, { lastEventId, signal });
      if (!response.ok || !response.body) break;
      for await (const { id, event, data } of readEvents(response.body)) {
        broken = 0;
        if (id) lastEventId = id;
        if (event === 'milestone') watch.say((JSON.parse(data) as { text: string }).text);
        else if (event === 'progress' || event === 'done') watch.see(JSON.parse(data) as Job);
      }
    } catch (error) {
      if (isAbort(error) && !watch.silence.signal.aborted) throw error;
    }
    givenUp(watch);
  }
  while (!watch.ended) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    givenUp(watch);
    watch.see(await person.get<Job>(`jobs/${watch.job.id}`));
  }
}

function givenUp({ silence, job }: Watch): void {
  if (silence.signal.aborted)
    throw new DemoFailure(`The job ${job.type} has not moved for ${longestSilence / 1_000} s${at(job)}`);
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** Where to look at it; also ends the sentence. */
function at(job: Job): string {
  return job.temporalUrl ? `, see ${job.temporalUrl}` : '.';
}
