/**
 * Twins of the workflows that do their steps in another order: no history of the real ones may be taken for theirs. If the
 * replay test lets one of these pass, it proves nothing about the real ones.
 */
import { proxyActivities, proxyLocalActivities, sleep } from '@temporalio/workflow';
import type { createAccountMergeActivities, MergeInput } from '../../../activities/account-merge';
import type { AppealInput, createAppealActivities } from '../../../activities/appeals';
import type { BlockImportInput, createBlockImportActivities } from '../../../activities/block-imports';
import type { CatalogImportInput, createCatalogImportActivities } from '../../../activities/catalog-imports';
import type { createDeliveryActivities, DeliverInput } from '../../../activities/deliver-webhook';
import type { createDisconnectActivities } from '../../../activities/disconnect';
import type { createErasureActivities } from '../../../activities/erase-account';
import type { createExportActivities } from '../../../activities/export-account';
import type { createGraphSyncActivities } from '../../../activities/graph-sync';
import type { createIndexActivities } from '../../../activities/index-artists';
import type { createEmailActivities, EmailInput } from '../../../activities/send-email';
import type { createSignInActivities } from '../../../activities/sign-in';
import type { createSnapshotActivities } from '../../../activities/snapshot-analytics';
import type { createWithdrawalActivities } from '../../../activities/source-withdrawals';
import type { createUnlinkActivities, UnlinkInput } from '../../../activities/unlink-identity';
import type { createVaultRotationActivities, RotationInput } from '../../../activities/vault-rotation';
import { data, spotify } from '../../../workflows/activities';
import type { RunInput } from '../../../workflows/carry-out';
import type { DisconnectInput } from '../../../workflows/disconnect';
import type { EnforceScheduledInput } from '../../../workflows/enforce-scheduled';
import type { EraseAccountInput } from '../../../workflows/erase-account';
import type { ExportAccountInput } from '../../../workflows/export-account';
import type { LinkAccountInput } from '../../../workflows/link-account';
import type { PreparePlanInput } from '../../../workflows/prepare-plan';
import type { SyncLibraryInput } from '../../../workflows/sync-library';

const { abandonFlow } = proxyLocalActivities<ReturnType<typeof createSignInActivities>>({
  startToCloseTimeout: '30 seconds',
});

/** Ends the run before it has done anything. */
export async function enforce({ runId }: RunInput): Promise<void> {
  await data.finishRun({ runId, failureCode: null });
  await spotify.runSlice({ runId });
}

export const rollback = enforce;

/** Sleeps where the real one asks for the token. */
export async function refreshCredential(): Promise<{ outcome: string }> {
  await sleep('1 second');
  return { outcome: 'refreshed' };
}

/** Waits before it has asked. */
export async function checkConnection(): Promise<{ code: string | null }> {
  await sleep('1 second');
  return { code: null };
}

/** Waits before it has looked. */
export async function maintainConnections(): Promise<{ looked: number }> {
  await sleep('1 second');
  return { looked: 0 };
}

/** Brings back before anything has ended. */
export async function expireBlocks(): Promise<{ ended: number; started: number }> {
  await data.restoreAfterExpiry({ limit: 1 });
  await data.endExpiredBlocks({ people: 1 });
  return { ended: 0, started: 0 };
}

const { gatherWithdrawn, tellWithdrawn } = proxyActivities<ReturnType<typeof createWithdrawalActivities>>({
  taskQueue: 'data',
  startToCloseTimeout: '1 minute',
});

/** Tells before it has found whom. */
export async function tellOfWithdrawals(): Promise<{ told: number }> {
  await tellWithdrawn({ after: null, people: 1 });
  await gatherWithdrawn();
  return { told: 0 };
}

/** Ends what was left before it has taken a turn. */
export async function scheduledEnforcement(): Promise<{ started: number }> {
  await data.endLeftScheduled({ olderThanSeconds: 0, limit: 1 });
  await data.startDueSchedules({ limit: 1 });
  return { started: 0 };
}

/** Carries out what it has not planned. */
export async function enforceScheduled({ scheduledId, planId }: EnforceScheduledInput): Promise<void> {
  await data.endScheduled({ scheduledId });
  await data.makePlan({ planId });
}

/** Gives the lease back before it has read. */
export async function syncLibrary(input: SyncLibraryInput): Promise<void> {
  await spotify.finishSync({ ...input, failureCode: null });
  await spotify.syncSlice(input);
}

/** Plans on whatever library was there. */
export async function preparePlan({ planId }: PreparePlanInput): Promise<void> {
  await data.makePlan({ planId });
}

const { finishExport, writeExport, erasePerson } = proxyActivities<
  ReturnType<typeof createExportActivities> & ReturnType<typeof createErasureActivities>
>({ taskQueue: 'data', startToCloseTimeout: '1 minute' });

const { beginVaultRotation, finishVaultRotation } = proxyActivities<ReturnType<typeof createVaultRotationActivities>>({
  taskQueue: 'credentials',
  startToCloseTimeout: '1 minute',
});

/** Ends the rotation before it has moved anything. */
export async function rotateVaultKeys(input: RotationInput): Promise<void> {
  await finishVaultRotation({ ...input, failureCode: null });
  await beginVaultRotation(input);
}

const { finishGraphSync, syncGraphSlice } = proxyActivities<ReturnType<typeof createGraphSyncActivities>>({
  taskQueue: 'data',
  startToCloseTimeout: '1 minute',
});

/** Says that the graph is in step without having taken its turn. */
export async function syncGraph(): Promise<void> {
  const task = { syncId: '', jobId: null, mode: 'full', generation: 1, from: '0', until: '0' } as const;
  const counts = { artists: 0, albums: 0, tracks: 0, collaborations: 0, removed: 0 };
  await finishGraphSync({ task, counts, failureCode: null });
  await syncGraphSlice({ task, place: null });
}

const { finishIndexing, indexSlice } = proxyActivities<ReturnType<typeof createIndexActivities>>({
  taskQueue: 'index',
  startToCloseTimeout: '1 minute',
});

/** Says that the index is in step without having taken its turn. */
export async function indexArtists(): Promise<void> {
  const task = { runId: '', jobId: null, until: '0', tables: [] };
  await finishIndexing({ task, counts: { written: 0, removed: 0, merged: 0, queued: 0 }, failureCode: null });
  await indexSlice({ task, place: null });
}

/** Says that the file is there before it is. */
export async function exportAccount(input: ExportAccountInput): Promise<void> {
  await finishExport({ ...input, failureCode: null });
  await writeExport(input);
}

const { finishImport, importSlice } = proxyActivities<ReturnType<typeof createBlockImportActivities>>({
  taskQueue: 'data',
  startToCloseTimeout: '1 minute',
});

/** Withdraws what is not in the file before it has read the file. */
export async function importBlocks(input: BlockImportInput): Promise<void> {
  await finishImport({ ...input, failureCode: null });
  await importSlice(input);
}

const { finishCatalogImport, importCatalogSlice } = proxyActivities<ReturnType<typeof createCatalogImportActivities>>({
  taskQueue: 'data',
  startToCloseTimeout: '1 minute',
});

/** Calls the file done before anything of it is taken. */
export async function importCatalog(input: CatalogImportInput): Promise<void> {
  await finishCatalogImport({ ...input, failureCode: null });
  await importCatalogSlice(input);
}

const { eraseConnection } = proxyActivities<ReturnType<typeof createDisconnectActivities>>({
  taskQueue: 'data',
  startToCloseTimeout: '1 minute',
});

/** Removes the connection while work is under way on it. */
export async function disconnect(input: DisconnectInput): Promise<void> {
  await eraseConnection(input);
}

/** Erases while work is under way, and takes nothing back. */
export async function eraseAccount(input: EraseAccountInput): Promise<void> {
  await erasePerson({ ...input, grants: { revoked: 0, alreadyGone: 0, unsupported: 0, failed: 0 } });
}

const { abandonMerge } = proxyActivities<ReturnType<typeof createAccountMergeActivities>>({
  taskQueue: 'data',
  startToCloseTimeout: '30 seconds',
});

/** Gives up before it has tried. */
export async function mergeAccounts({ mergeId }: MergeInput): Promise<void> {
  await abandonMerge({ mergeId, code: 'internal_error' });
}

export const undoMerge = mergeAccounts;

const { finishUnlink } = proxyActivities<ReturnType<typeof createUnlinkActivities>>({
  taskQueue: 'credentials',
  startToCloseTimeout: '30 seconds',
});

/** Forgets the credential that it would need. */
export async function unlinkIdentity(input: UnlinkInput): Promise<void> {
  await finishUnlink({ ...input, revokedAtProvider: 'false' });
}

/** Abandons every flow. */
export async function linkAccount({ transactionId }: LinkAccountInput): Promise<{ outcome: string }> {
  await abandonFlow(transactionId, 'internal_error');
  return { outcome: 'failed' };
}

/** Waits before it has sealed. */
export async function sealAudit(): Promise<{ sealed: number }> {
  await sleep('1 second');
  return { sealed: 0 };
}

const { closeDays, releaseComparison } = proxyActivities<ReturnType<typeof createSnapshotActivities>>({
  taskQueue: 'data',
  startToCloseTimeout: '1 minute',
});

/** Releases before it has closed. */
export async function snapshotAnalytics(): Promise<{ closed: number; outcome: string }> {
  const { outcome } = await releaseComparison();
  const { closed } = await closeDays({ days: 1 });
  return { closed, outcome };
}

/** Forgets before it starts what was left. */
export async function sweep(): Promise<void> {
  await data.forgetExpired();
  await data.startLeftovers({ olderThanSeconds: 20 });
  await data.reconcile({ olderThanSeconds: 20 });
}

const { attemptDelivery } = proxyActivities<ReturnType<typeof createDeliveryActivities>>({
  taskQueue: 'data',
  startToCloseTimeout: '30 seconds',
});

/** Waits before the first try. */
export async function deliverWebhook({ deliveryId }: DeliverInput): Promise<{ attempts: number }> {
  await sleep('5 seconds');
  await attemptDelivery({ deliveryId, attempt: 1 });
  return { attempts: 1 };
}

const { attemptEmail } = proxyActivities<ReturnType<typeof createEmailActivities>>({
  taskQueue: 'data',
  startToCloseTimeout: '30 seconds',
});

/** Waits before the first try. */
export async function sendEmail({ emailId }: EmailInput): Promise<{ attempts: number }> {
  await sleep('1 minute');
  await attemptEmail({ emailId, attempt: 1 });
  return { attempts: 1 };
}

const { tellDecidedTogether, watchAppeal } = proxyActivities<ReturnType<typeof createAppealActivities>>({
  taskQueue: 'data',
  startToCloseTimeout: '20 seconds',
});

/** Tells others before anything is decided. */
export async function appeal(input: AppealInput): Promise<void> {
  await tellDecidedTogether(input);
  await watchAppeal(input);
}
