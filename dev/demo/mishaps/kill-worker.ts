import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { rememberedProcess } from '../../engines/process-record';
import { DemoFailure } from '../demo-failure';
import type { Fault } from '../sandbox';
import { orderFaults, type Mishap, type Stage } from './mishap';

/** Slow writes, so that there is a middle to hit. */
const slowWrites: Fault = { service: 'spotify', method: 'DELETE', route: '*', times: 1_000, delayMs: 1_200 };
const playlistItems = '/playlists/{id}/items';

/** Kills the worker once some of the run is done; whoever watches over it starts it again. */
export function killWorker(stage: Stage): Mishap {
  const record = join(stage.addresses.runDir, 'worker.json');
  const { sandbox } = stage;
  let calm = () => Promise.resolve();
  let killed: number | null = null;

  return {
    async beforeRun() {
      if (!rememberedProcess(record))
        throw new DemoFailure(
          `There is no record of a running worker at ${record}: --kill-worker needs a system started by npm start here.`,
        );
      stage.say(
        "  Spotify's writes take 1.2 s from here on, and in the middle of the run the worker is killed (SIGKILL).",
      );
      calm = await orderFaults(stage, [slowWrites]);
    },

    async duringRun({ job, note, signal }) {
      const answered = async () =>
        [...(await sandbox.calls('DELETE', playlistItems)).values()].reduce((a, b) => a + b, 0);
      const start = await answered();
      while ((await answered()) === start) await wait(100, undefined, { signal });
      // Not at the moment of an answer: somewhere in the next writes.
      await wait(300, undefined, { signal });
      const pid = rememberedProcess(record)?.pid;
      if (!pid) throw new DemoFailure('The worker is away before it could be killed.');
      process.kill(pid, 'SIGKILL');
      killed = pid;
      note(
        `kill -9 ${pid}: the worker is dead in the middle of the run${job.temporalUrl ? `, see ${job.temporalUrl}` : '.'}`,
      );
      await calm();
      let next = rememberedProcess(record)?.pid;
      while (!next || next === pid) {
        await wait(200, undefined, { signal });
        next = rememberedProcess(record)?.pid;
      }
      note(
        `The worker runs again as process ${next}. Temporal hands it the open step once its last heartbeat is 10 s old.`,
      );
    },

    async afterRun() {
      await calm();
      if (killed === null) throw new DemoFailure('The run was over before the worker could be killed.');
    },
  };
}
