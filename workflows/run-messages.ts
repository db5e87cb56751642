import { defineUpdate } from '@temporalio/workflow';

export interface CancelInput {
  /** Whether what was done so far is to be undone. */
  rollback: boolean;
  /** Who asks; the rights were checked where the request came in. */
  actorId: string;
}

/** Asks a run to stop. Answers once that is on record; the batch in flight ends and is saved, waits end at once. */
export const cancelUpdate = defineUpdate<{ accepted: boolean }, [CancelInput]>('cancel');
