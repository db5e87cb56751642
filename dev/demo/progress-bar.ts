import type { Job } from './contract';

/** Where a bar draws: a terminal that can redraw a line, or anything that takes lines. */
export interface Screen {
  isTTY: boolean;
  columns: number;
  write(text: string): void;
}

const width = 28;
const eraseLine = '\r\u001b[K';

/** A job's progress: redrawn in place on a terminal, elsewhere one line for each quarter. */
export class ProgressBar {
  readonly #screen: Screen;
  readonly #label: string;
  #line = '';
  #quarter = 0;

  constructor(screen: Screen, label: string) {
    this.#screen = screen;
    this.#label = label;
  }

  show(job: Job, now = Date.now()): void {
    if (this.#screen.isTTY) return this.#draw(barLine(this.#label, job, now));
    const quarter = Math.floor((job.percent ?? 0) / 25);
    if (quarter <= this.#quarter) return;
    this.#quarter = quarter;
    this.#screen.write(`  ${this.#label}: ${quarter * 25} %${ofTotal(job)}\n`);
  }

  /** A line that stays, above the bar. */
  note(text: string): void {
    const line = this.#line;
    if (line) this.#screen.write(eraseLine);
    this.#screen.write(`  ${text}\n`);
    if (line) this.#screen.write(line);
  }

  /** Leaves the last state standing. */
  end(): void {
    if (this.#line) this.#screen.write('\n');
    this.#line = '';
  }

  #draw(line: string): void {
    this.#line = line.slice(0, Math.max(20, this.#screen.columns - 1));
    this.#screen.write(`${eraseLine}${this.#line}`);
  }
}

/** One line of a bar; without a known total it stays empty. */
export function barLine(label: string, job: Job, now: number): string {
  const percent = job.percent ?? 0;
  const full = Math.round((Math.min(100, Math.max(0, percent)) / 100) * width);
  const bar = '#'.repeat(full) + '.'.repeat(width - full);
  return `  ${label} [${bar}] ${String(percent).padStart(3)} %${ofTotal(job)}  ${stateOf(job, now)}`.trimEnd();
}

function ofTotal({ progress: { done, total } }: Job): string {
  return total > 0 ? ` (${done} of ${total})` : '';
}

function stateOf(job: Job, now: number): string {
  if (job.waiting) {
    const seconds = job.waiting.until ? Math.max(0, Math.ceil((Date.parse(job.waiting.until) - now) / 1000)) : null;
    return `waiting${seconds === null ? '' : `, ${seconds} s left`} (${job.waiting.reason})`;
  }
  if (job.status !== 'running') return job.status;
  return `${job.phase ?? ''}${job.etaSeconds === null ? '' : `, about ${job.etaSeconds} s left`}`;
}
