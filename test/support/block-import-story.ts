import { Readable } from 'node:stream';
import { readBlockFile } from '../../adapters/files/block-file';
import { startBlockImport } from '../../adapters/postgres/block-imports';
import { newId } from '../../adapters/postgres/ids';
import type { System } from './system';
import type { Told } from './whole-story';

/** What a file says that nobody but its person may read. */
export const privateNote = 'what she said at the wedding';

/** Somebody has their list replaced by a file of names that nobody here goes by, with a row that can't be read. */
export async function blockImportStory(system: System): Promise<Told[]> {
  const userId = newId();
  const em = system.orm.em.fork();
  await em.execute(`insert into users (id, display_name) values (?, 'Somebody With A File')`, [userId]);
  const jobId = await importFile(system, userId, [
    { name: 'The Nobodies of the Story', note: privateNote },
    { name: 'The Nobodies of the Story', note: privateNote, expiresAt: privateNote },
    privateNote,
  ]);
  await system.jobEnd(jobId);
  await system.client.workflow.getHandle(`import:${jobId}`).result();
  return [{ name: 'import-blocks', workflowId: `import:${jobId}` }];
}

/** Starts a replacing import of a list in JSON, and gives its job. */
export async function importFile(system: System, userId: string, list: readonly unknown[]): Promise<string> {
  const rows = readBlockFile(Readable.from([Buffer.from(JSON.stringify(list))]), 'json');
  const asked = { userId, mode: 'replace' as const, dryRun: false, confirmed: false, requestId: null };
  const { jobId, outboxId } = await system.orm.em.fork().transactional((tx) => startBlockImport(tx, asked, rows));
  await system.dispatcher.start(outboxId);
  return jobId;
}
