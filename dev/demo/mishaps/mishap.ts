import type { Addresses } from '../addresses';
import type { Job } from '../contract';
import type { JobStory } from '../follow-job';
import type { PutBack } from '../put-back';
import type { Fault, Sandbox, SandboxLibrary } from '../sandbox';

/** What a mishap may use. */
export interface Stage {
  sandbox: Sandbox;
  addresses: Addresses;
  /** The account at the sandbox. */
  user: string;
  putBack: PutBack;
  say: (line: string) => void;
}

/** The moment while a job runs; the signal ends with the job. */
export interface Scene {
  job: Job;
  note: (text: string) => void;
  signal: AbortSignal;
}

/** One thing that goes wrong. Each part is optional; `after…` throws DemoFailure where it did not happen. */
export interface Mishap {
  beforeRun?(): Promise<void>;
  duringRun?(scene: Scene): Promise<void>;
  afterRun?(story: JobStory): Promise<void>;
  /** What the person does between run and rollback. @returns the library that must come back, given that */
  between?(before: SandboxLibrary, afterRun: SandboxLibrary): Promise<SandboxLibrary>;
  beforeRollback?(): Promise<void>;
  duringRollback?(scene: Scene): Promise<void>;
  afterRollback?(story: JobStory): Promise<void>;
}

/** Orders faults that are taken away again whatever happens. @returns takes them away */
export async function orderFaults(stage: Stage, faults: readonly Fault[]): Promise<() => Promise<void>> {
  const done = stage.putBack.add("take the sandbox's faults away", () => stage.sandbox.removeFaults(faults));
  for (const fault of faults) await stage.sandbox.addFault(fault);
  return async () => {
    await stage.sandbox.removeFaults(faults);
    done();
  };
}
