import { heartbeat } from '@temporalio/activity';

/** How often a long activity shows that it lives, in milliseconds: a dead worker's is taken over soon. */
const pulseEvery = 2_000;

/** Shows Temporal that the work lives for as long as it takes; outside an activity there is nobody to show it to. */
export async function withPulse<T>(work: () => Promise<T>): Promise<T> {
  const pulse = setInterval(beat, pulseEvery);
  try {
    return await work();
  } finally {
    clearInterval(pulse);
  }
}

function beat(): void {
  try {
    heartbeat();
  } catch {
    // Called directly, as tests do.
  }
}
