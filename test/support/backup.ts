import { readLibraryFile } from '../../adapters/files/library-file';
import { Plan } from '../../adapters/postgres/entities';
import { storeFiledLibrary } from '../../adapters/postgres/filed-libraries';
import { libraryJson, readStoredLibrary } from '../../adapters/postgres/library-file';
import { startPlan } from '../../adapters/postgres/plan-start';
import { jsonObject } from '../../domain/json-text';
import { libraryFileFormat } from '../../domain/library-file';
import type { Person, System } from './system';

/** The library of a person's connection as the file that an export gives, in JSON. */
export async function backupOf({ orm }: System, { connectionId }: Person): Promise<string> {
  const em = orm.em.fork();
  const library = await readStoredLibrary(em, connectionId);
  if (!library) throw new Error('The library was never synced.');
  const { provider, accountName, syncedAt } = library;
  let text = '';
  for await (const piece of jsonObject(
    { ...libraryFileFormat, provider, accountName, syncedAt },
    libraryJson(em, library),
  ))
    text += piece;
  return text;
}

/** A plan that puts back what the file has, made to its end. */
export async function planFromBackup(system: System, person: Person, backup: string): Promise<Plan> {
  const { userId, connectionId } = person;
  const { planId, jobId, outboxId } = await system.orm.em.fork().transactional(async (tx) => {
    const records = readLibraryFile(bytesOf(backup), 'json', 'spotify');
    const fileGenerationId = await storeFiledLibrary(tx, connectionId, records);
    const settings = { preset: 'standard', switches: {}, onFailure: 'keep', requestId: null };
    return startPlan(tx, { ...settings, userId, connectionId, fileGenerationId });
  });
  await system.dispatcher.start(outboxId);
  const { status } = await system.jobEnd(jobId);
  if (status !== 'completed') throw new Error(`The plan ended ${status}.`);
  return system.orm.em.fork().findOneOrFail(Plan, { id: planId });
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}
