import { proxyActivities } from '@temporalio/workflow';
import type { BlockImportInput, createBlockImportActivities } from '../activities/block-imports';
import { failureCodeOf } from './failure-code';

const { importSlice, finishImport } = proxyActivities<ReturnType<typeof createBlockImportActivities>>({
  taskQueue: 'data',
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '20s', maximumAttempts: 35 },
});

/** Makes blocks of the rows of a file; its place is in the rows. Its job ends with it, also when it fails. */
export async function importBlocks(input: BlockImportInput): Promise<void> {
  let failureCode: string | null = null;
  try {
    let slice: { more: boolean };
    do {
      slice = await importSlice(input);
    } while (slice.more);
  } catch (error) {
    failureCode = failureCodeOf(error);
  }
  await finishImport({ ...input, failureCode });
}
