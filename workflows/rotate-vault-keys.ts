import { proxyActivities, sleep } from '@temporalio/workflow';
import type {
  createVaultRotationActivities,
  RotationInput,
  RotationPlace,
  RotationSlice,
} from '../activities/vault-rotation';
import { failureCodeOf } from './failure-code';

const { beginVaultRotation, rotateSlice, finishVaultRotation } = proxyActivities<
  ReturnType<typeof createVaultRotationActivities>
>({
  taskQueue: 'credentials',
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '15s',
  // About ten minutes: a database's restart, or a worker that is being replaced by one with the newest key first.
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '20s', maximumAttempts: 35 },
});

/** Times that everything is gone through, where values were held or changed by somebody else while their turn was. */
const mostPasses = 10;

/** Seals everything that is under an older key anew under the newest one. Its place is in the history, what is done in the rows. */
export async function rotateVaultKeys(input: RotationInput): Promise<{ left: number }> {
  let failureCode: string | null = null;
  try {
    await beginVaultRotation(input);
    for (let passes = 1; ; passes += 1) {
      let place: RotationPlace | null = null;
      let passedBy = 0;
      do {
        const slice: RotationSlice = await rotateSlice({ ...input, place });
        place = slice.next;
        passedBy += slice.passedBy;
      } while (place !== null);
      if (passedBy === 0 || passes === mostPasses) break;
      await sleep('1 second');
    }
  } catch (error) {
    failureCode = failureCodeOf(error);
  }
  return finishVaultRotation({ ...input, failureCode });
}
