/** Says one line to the person who watches, for example "PostgreSQL 18.4 from the npm package, port 5544". */
export type Say = (line: string) => void;

/** An engine that answers. `pid` is null where it was found running and isn't ours to stop. */
export interface RunningEngine {
  readonly url: string;
  readonly pid: number | null;
  /** Resolves when the process is gone; harmless when called twice or on an engine that isn't ours. */
  stop(): Promise<void>;
  /** Resolves with what happened when the process ends by itself or by `stop`. Never resolves for a foreign engine. */
  readonly ended: Promise<string>;
}

/** Something the person has to put right. The message is one sentence with what is wrong and what to do. */
export class EngineProblem extends Error {
  override readonly name = 'EngineProblem';
}

/** What would be used if the engine were started now; for `npm run doctor`. */
export interface EngineReport {
  readonly engine: string;
  /** `ready`: nothing to fetch. `fetch`: has to be fetched first, and can be. `missing`: a person must act. */
  readonly state: 'ready' | 'fetch' | 'missing';
  readonly detail: string;
}

/** An engine that runs elsewhere, reached by its environment variable. */
export function foreignEngine(url: string): RunningEngine {
  return { url, pid: null, stop: () => Promise.resolve(), ended: new Promise(() => undefined) };
}
