import { DemoFailure } from '../demo-failure';
import type { Fault } from '../sandbox';
import { orderFaults, type Mishap, type Stage } from './mishap';

const retryAfter = 15;
/** The third write is refused. */
const refusal: Fault = { service: 'spotify', method: 'DELETE', route: '*', times: 1, skip: 2, status: 429, retryAfter };

/** Spotify refuses a write in the middle of the run and names a time. */
export function rateLimit(stage: Stage): Mishap {
  let calm = () => Promise.resolve();
  return {
    async beforeRun() {
      stage.say(`  The third write will be refused with 429 and Retry-After: ${retryAfter}.`);
      calm = await orderFaults(stage, [refusal]);
    },

    async afterRun({ waits }) {
      const unused = await stage.sandbox.isPending(refusal);
      await calm();
      if (unused) throw new DemoFailure('The run needed too few writes for one of them to be refused.');
      if (!waits.includes('rate_limited'))
        throw new DemoFailure('A write was refused with 429, and the job never showed that it waits.');
    },
  };
}
