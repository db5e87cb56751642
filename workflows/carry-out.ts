import { allHandlersFinished, ApplicationFailure, condition, setHandler } from '@temporalio/workflow';
import { type AtProvider, data, slicesAt } from './activities';
import { failureCodeOf } from './failure-code';
import { type CancelInput, cancelUpdate } from './run-messages';
import { workThrough } from './work-through';

export interface RunInput extends AtProvider {
  runId: string;
  jobId: string;
}

/** How many waits for a provider that is away a run sits out: about a day. */
const mostOutages = 300;

/**
 * Works through a run's journal to its end. The journal's rows are the only memory: whatever happens to this execution or
 * to the worker, the next slice goes on from them.
 */
export async function carryOut({ runId, jobId, provider }: RunInput): Promise<void> {
  let cancelled = false;
  setHandler(
    cancelUpdate,
    async ({ rollback, actorId }) => {
      const answer = await data.requestCancel({ runId, rollback, actorId });
      cancelled = cancelled || answer.accepted;
      return answer;
    },
    { validator: validateCancel },
  );
  const failureCode = await work({ runId, jobId, provider }, () => cancelled);
  await condition(allHandlersFinished);
  await data.finishRun({ runId, failureCode });
  // A cancel that came meanwhile gets its answer: too late.
  await condition(allHandlersFinished);
}

async function work({ runId, jobId, provider }: RunInput, isCancelled: () => boolean): Promise<string | null> {
  const slices = slicesAt({ provider });
  try {
    const end = await workThrough(() => slices.runSlice({ runId }), {
      mostOutages,
      async pause(seconds, reason) {
        if (reason) {
          await data.noteWaiting({ jobId, runId, reason, seconds });
          await condition(isCancelled, seconds * 1000);
        }
        return isCancelled() ? 'interrupted' : 'elapsed';
      },
    });
    // What was on its way when the cancel came is brought to its end, so that the journal knows of it.
    if (end.end === 'interrupted') await slices.runSlice({ runId });
    return end.end === 'failed' ? end.code : null;
  } catch (error) {
    return failureCodeOf(error);
  }
}

/** Shape only: who may cancel what is decided where it is recorded. */
function validateCancel(input: CancelInput): void {
  if (typeof input?.rollback !== 'boolean' || typeof input.actorId !== 'string' || input.actorId.length > 64) {
    throw ApplicationFailure.nonRetryable('invalid_request', 'invalid_request');
  }
}
