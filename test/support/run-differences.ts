import { isDeepStrictEqual } from 'node:util';
import type { Receipt } from '../../domain/receipt';
import { type SandboxLibrary, shapeOf } from './sandbox-admin';
import type { Person, System } from './system';

/** What the library, a finished run that met no resistance, and its journal should be, and are not. */
export async function runDifferences(
  system: System,
  { user, person, runId, jobId }: { user: string; person: Person; runId: string; jobId: string },
  library: SandboxLibrary,
  receipt: Receipt,
): Promise<string[]> {
  const found: string[] = [];
  const compare = (name: string, actual: unknown, wanted: unknown) => {
    if (!isDeepStrictEqual(actual, wanted))
      found.push(`${user}: ${name} is ${JSON.stringify(actual)}, not ${JSON.stringify(wanted)}`);
  };
  const run = await person.run(runId);
  const em = system.orm.em.fork();
  const ends = await em.execute<{ code: string; status: string; undone: string | null }[]>(
    `select distinct a.outcome_code as code, a.status, u.status as undone from actions a left join actions u on u.id = a.undoes_id where a.run_id = ?`,
    [runId],
  );
  const wantedEnd = {
    code: receipt.removed > 0 ? 'removed' : 'restored',
    status: 'applied',
    undone: run.runType === 'rollback' ? 'undone' : null,
  };
  const locks = await em.execute<unknown[]>(`select run_id from connection_locks where connection_id = ?`, [
    person.connectionId,
  ]);
  compare('the library', shapeOf(await system.admin.library(user)), shapeOf(library));
  compare('the job', (await system.jobEnd(jobId)).status, 'completed');
  compare('the run', run.status, 'completed');
  compare('the receipt', run.receipt, receipt);
  compare('what became of the actions', ends, [wantedEnd]);
  compare('the lock', locks, []);
  return found;
}
