import { failExport } from './account-exports';
import { failImport } from './file-imports';
import type { EntityManager } from './orm';
import { failMaking } from './plan-making';

/** Ends what a job works on, where it is a plan, an export or an import that was not done, in the caller's transaction. */
export async function failSubject(
  tx: EntityManager,
  { subjectType, subjectId }: { subjectType: string; subjectId: string },
  failureCode: string,
): Promise<void> {
  if (subjectType === 'plan') await failMaking(tx, subjectId, failureCode);
  if (subjectType === 'export') await failExport(tx, subjectId, failureCode);
  if (subjectType === 'block_import' || subjectType === 'catalog_import')
    await failImport(tx, subjectType, { importId: subjectId, failureCode });
}
