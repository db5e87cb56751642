import { EngineProblem, type Say } from '../engines/engine';

/** Anything that runs as a process and can be stopped. */
export interface Kept {
  readonly pid: number | null;
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

export interface KeeperOptions<Child extends Kept> {
  /** As the person reads it. */
  readonly name: string;
  /** Must end early when the signal is aborted. */
  readonly start: (signal: AbortSignal) => Promise<Child>;
  readonly say: Say;
  /** Whether another try can help after this fault; otherwise the keeper gives up. */
  readonly worthRetrying?: (error: unknown) => boolean;
  /** Seconds before the first and at most before any later try. */
  readonly pauses?: { first: number; longest: number };
}

/** A process that stayed up for so long was healthy, and the next pause is short again. */
const HEALTHY_MS = 60_000;

/** Keeps one process running: starts it again when it ends by itself, with growing pauses. */
export class Keeper<Child extends Kept> {
  readonly #options: KeeperOptions<Child>;
  readonly #stopping = new AbortController();
  #child: Child | null = null;
  #starting: Promise<unknown> = Promise.resolve();
  #pause: number;
  #startedAt = 0;
  /** How often it ended by itself so far. */
  crashes = 0;

  constructor(options: KeeperOptions<Child>) {
    this.#options = options;
    this.#pause = options.pauses?.first ?? 1;
  }

  /** The first start; its failure is the caller's to judge. */
  async begin(): Promise<Child> {
    const starting = this.#start();
    this.#starting = starting.catch(() => undefined);
    return starting;
  }

  /** Starts in the background and tries again for as long as that can help. */
  beginWhenPossible(): void {
    this.#starting = this.#start().then(undefined, (error: unknown) => this.#failed(error));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#starting;
    await this.#child?.stop();
  }

  /** Ends it without ceremony. */
  kill(signal: NodeJS.Signals): void {
    this.#stopping.abort();
    try {
      if (this.#child?.pid) process.kill(this.#child.pid, signal);
    } catch {
      // Ended already.
    }
  }

  async #start(): Promise<Child> {
    const child = await this.#options.start(this.#stopping.signal);
    this.#child = child;
    this.#startedAt = Date.now();
    void child.ended.then((how) => this.#ended(child, how));
    return child;
  }

  #ended(child: Child, how: string): void {
    if (this.#stopping.signal.aborted || this.#child !== child) return;
    this.#child = null;
    this.crashes += 1;
    if (Date.now() - this.#startedAt > HEALTHY_MS) this.#pause = this.#options.pauses?.first ?? 1;
    this.#again(how);
  }

  #failed(error: unknown): void {
    if (this.#stopping.signal.aborted) return;
    const message = error instanceof Error ? error.message : 'it could not be started';
    if (this.#options.worthRetrying && !this.#options.worthRetrying(error)) {
      this.#options.say(`${this.#options.name} is left out. ${message}`);
      return;
    }
    this.#again(error instanceof EngineProblem ? message : `did not start (${message})`);
  }

  #again(why: string): void {
    const seconds = this.#pause;
    this.#pause = Math.min(this.#pause * 2, this.#options.pauses?.longest ?? 30);
    this.#options.say(
      `${this.#options.name} ${/^[A-Z]/.test(why) ? `is away. ${why} Next try` : `${why}; it starts again`} in ${seconds} s.`,
    );
    this.#starting = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, seconds * 1_000);
      this.#stopping.signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
    }).then(async () => {
      if (this.#stopping.signal.aborted) return;
      await this.#start().then(undefined, (error: unknown) => this.#failed(error));
    });
  }
}
