import { proxyActivities } from '@temporalio/workflow';
import type { createExportActivities } from '../activities/export-account';
import { failureCodeOf } from './failure-code';

export interface ExportAccountInput {
  exportId: string;
  jobId: string;
}

const { writeExport, finishExport } = proxyActivities<ReturnType<typeof createExportActivities>>({
  taskQueue: 'data',
  // A large account takes minutes; the heartbeat tells a dead worker from a busy one.
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '15s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '20s', maximumAttempts: 35 },
});

/** Makes the file with everything that a person has here. Its job ends with it, also when it fails. */
export async function exportAccount(input: ExportAccountInput): Promise<void> {
  let failureCode: string | null = null;
  try {
    await writeExport(input);
  } catch (error) {
    failureCode = failureCodeOf(error);
  }
  await finishExport({ ...input, failureCode });
}
