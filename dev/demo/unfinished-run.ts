import type { Plan } from './contract';
import { Refusal, type Person } from './person';

/**
 * Takes back what a plan's run has done, where the demo could not see it to its end: a run under way is cancelled with a
 * rollback, an ended one is rolled back, and a rollback under way goes on by itself.
 */
export async function bringBack(person: Person, planId: string, say: (line: string) => void): Promise<void> {
  const { runId } = await person.get<Plan>(`enforcement/plans/${planId}`);
  if (runId === null) return;
  const cancelled = await unless(['job_finished'], person.post(`enforcement/runs/${runId}/cancel`, { rollback: true }));
  if (!cancelled) {
    const ended = ['nothing_to_undo', 'connection_busy'];
    await unless(ended, person.post(`enforcement/runs/${runId}/rollback`));
  }
  say(`The library is being brought back, which goes on by itself: see run ${runId}.`);
}

/** Whether the call went through; false where it was refused with one of the codes. */
async function unless(codes: readonly string[], call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (error instanceof Refusal && error.code !== null && codes.includes(error.code)) return false;
    throw error;
  }
}
