import { proxyActivities } from '@temporalio/workflow';
import type { CatalogImportInput, createCatalogImportActivities } from '../activities/catalog-imports';
import { failureCodeOf } from './failure-code';

const { importCatalogSlice, finishCatalogImport } = proxyActivities<ReturnType<typeof createCatalogImportActivities>>({
  taskQueue: 'data',
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '20s', maximumAttempts: 35 },
});

/** Takes the rows of a file into the catalog; its place is in the rows. Its job ends with it, also when it fails. */
export async function importCatalog(input: CatalogImportInput): Promise<void> {
  let failureCode: string | null = null;
  try {
    let slice: { more: boolean };
    do {
      slice = await importCatalogSlice(input);
    } while (slice.more);
  } catch (error) {
    failureCode = failureCodeOf(error);
  }
  await finishCatalogImport({ ...input, failureCode });
}
