import { setTimeout as wait } from 'node:timers/promises';
import { DemoFailure } from '../demo-failure';
import type { Fault } from '../sandbox';
import { orderFaults, type Mishap, type Stage } from './mishap';

const route = '/playlists/{id}/items';
/** An insertion is the write that must not be repeated: done twice, the tracks are there twice. */
const loss: Fault = { service: 'spotify', method: 'POST', route, times: 1, skip: 1, dropAnswer: true };

/** Spotify puts tracks back into a playlist, and nobody hears of it. */
export function lostAnswer(stage: Stage): Mishap {
  const { sandbox } = stage;
  let calm = () => Promise.resolve();
  let unansweredBefore = 0;
  const unanswered = async () => (await sandbox.calls('POST', route)).get(0) ?? 0;

  return {
    async beforeRollback() {
      stage.say("  The second write to a playlist will be carried out, but its answer won't arrive.");
      unansweredBefore = await unanswered();
      calm = await orderFaults(stage, [loss]);
    },

    async duringRollback({ job, note, signal }) {
      while (await sandbox.isPending(loss)) await wait(100, undefined, { signal });
      const where = job.temporalUrl ? `, see ${job.temporalUrl}` : '.';
      note(`The answer to POST ${route} is lost. The worker reads the playlist before it does anything else${where}`);
    },

    async afterRollback() {
      const unused = await sandbox.isPending(loss);
      await calm();
      if (unused) throw new DemoFailure('The rollback needed too few playlist writes for an answer to get lost.');
      const lost = (await unanswered()) - unansweredBefore;
      stage.say(`  Writes without an answer: ${lost}. What they wrote is there once; the comparison below says so.`);
    },
  };
}
