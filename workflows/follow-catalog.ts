import { sleep } from '@temporalio/workflow';
import { failureCodeOf } from './failure-code';

/** What brings a copy of the catalog in step with it, step by step, and counts what it does. */
export interface Follower<Task, Place, Kind extends string> {
  /** Takes the turn, and says what is to be done. */
  begin: () => Promise<{ state: 'busy' | 'idle' } | { state: 'begun'; task: Task }>;
  /** How long another one's turn is waited for, the `nth` time from 0, in seconds; null where it is not. */
  pause: (nth: number) => number | null;
  slice: (from: { task: Task; place: Place | null }) => Promise<{ next: Place | null; did: Record<Kind, number> }>;
  counts: Record<Kind, number>;
  finish: (end: { task: Task; counts: Record<Kind, number>; failureCode: string | null }) => Promise<void>;
  /** Ends what could not begin. */
  fail: (failureCode: string) => Promise<void>;
}

/** Goes from slice to slice until everything is taken over; it ends with a code where a step failed. */
export async function followCatalog<Task, Place, Kind extends string>(
  follower: Follower<Task, Place, Kind>,
): Promise<void> {
  const { pause, slice, counts, finish } = follower;
  let begun: Awaited<ReturnType<typeof follower.begin>>;
  try {
    for (let nth = 0; ; nth += 1) {
      begun = await follower.begin();
      const seconds = begun.state === 'busy' ? pause(nth) : null;
      if (seconds === null) break;
      await sleep(seconds * 1000);
    }
  } catch (error) {
    await follower.fail(failureCodeOf(error));
    return;
  }
  if (begun.state !== 'begun') return;
  const { task } = begun;
  let failureCode: string | null = null;
  try {
    let place: Place | null = null;
    do {
      const { next, did }: Awaited<ReturnType<typeof slice>> = await slice({ task, place });
      for (const kind of Object.keys(counts) as Kind[]) counts[kind] += did[kind];
      place = next;
    } while (place !== null);
  } catch (error) {
    failureCode = failureCodeOf(error);
  }
  try {
    await finish({ task, counts, failureCode });
  } catch (error) {
    if (failureCode !== null) throw error;
    await finish({ task, counts, failureCode: failureCodeOf(error) });
  }
}
