import { join } from 'node:path';
import { VectorDatabase } from '../../adapters/lancedb/database';
import type { WriterLock } from '../../adapters/lancedb/table-writer';
import { holdingIndexWriterLock } from '../../adapters/postgres/index-writer-lock';
import { openOrm } from '../../adapters/postgres/orm';
import type { Cleanup } from '../cleanup';
import { startDatabase } from '../engines';

export interface BenchTables {
  database: VectorDatabase;
  lock: WriterLock;
}

/** A folder of vector tables, and PostgreSQL, whose lock their writer holds. */
export async function startTables(cleanup: Cleanup): Promise<BenchTables> {
  const { folder, databaseUrl } = await startDatabase(cleanup);
  const orm = await openOrm(databaseUrl);
  cleanup.add(() => orm.close(true));
  const database = new VectorDatabase(join(folder, 'vectors'));
  cleanup.add(() => database.close());
  return { database, lock: (work) => holdingIndexWriterLock(orm.em, work) };
}
