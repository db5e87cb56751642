import { Readable } from 'node:stream';
import { readCatalogFile } from '../../adapters/files/catalog-file';
import { newId } from '../../adapters/postgres/ids';
import { startCatalogImport } from '../../adapters/postgres/catalog-imports';
import type { System } from './system';
import type { Told } from './whole-story';

/** Somebody brings artists into the catalog, with a line that can't be read. */
export async function catalogImportStory(system: System): Promise<Told[]> {
  const userId = newId();
  await system.orm.em
    .fork()
    .execute(`insert into users (id, display_name) values (?, 'Somebody With A Catalog')`, [userId]);
  const jobId = await importCatalogFile(system, userId, [
    { id: newId(), name: 'The Catalogued of the Story' },
    { id: 'x', name: 'The Uncatalogued of the Story' },
  ]);
  await system.jobEnd(jobId);
  await system.client.workflow.getHandle(`import:${jobId}`).result();
  return [{ name: 'import-catalog', workflowId: `import:${jobId}` }];
}

/** Starts an import of artists in lines of a dump, and gives its job. */
export async function importCatalogFile(system: System, userId: string, artists: readonly unknown[]): Promise<string> {
  const file = Buffer.from(artists.map((artist) => JSON.stringify(artist)).join('\n'));
  const rows = readCatalogFile(Readable.from([file]), 'json-lines', 'artists');
  const asked = { userId, kind: 'artists' as const, source: 'musicbrainz', requestId: null };
  const { jobId, outboxId } = await system.orm.em.fork().transactional((tx) => startCatalogImport(tx, asked, rows));
  await system.dispatcher.start(outboxId);
  return jobId;
}
