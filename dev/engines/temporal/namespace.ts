import { Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';

const RETENTION_DAYS = 30;
const { INDEXED_VALUE_TYPE_KEYWORD } = temporal.api.enums.v1.IndexedValueType;

/** What our workflows are found by in the Temporal UI. */
export const SEARCH_ATTRIBUTES = ['UserId', 'Provider', 'JobType'];

/** Whether a Temporal frontend answers at this address (host:port). */
export async function temporalAnswers(address: string): Promise<boolean> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: 1_000 });
    await connection.workflowService.getSystemInfo({});
    await connection.close();
    return true;
  } catch {
    return false;
  }
}

/** Sets what a namespace of ours needs: retention and search attributes. Safe to repeat. */
export async function prepareNamespace(address: string, namespace: string, ours: boolean): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: 5_000 });
  try {
    if (ours) {
      const seconds = RETENTION_DAYS * 24 * 60 * 60;
      const config = { workflowExecutionRetentionTtl: { seconds: seconds as unknown as Long } };
      await connection.workflowService.updateNamespace({ namespace, config });
    }
    const known = await connection.operatorService.listSearchAttributes({ namespace });
    const missing = SEARCH_ATTRIBUTES.filter((name) => !(name in (known.customAttributes ?? {})));
    if (missing.length > 0) {
      const searchAttributes = Object.fromEntries(missing.map((name) => [name, INDEXED_VALUE_TYPE_KEYWORD]));
      await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
    }
  } finally {
    await connection.close();
  }
}
