import type { Index, Table } from '@lancedb/lancedb';
import { checkVector } from '../../domain/linkage/vectors';
import type { VectorDatabase } from './database';
import { idIn, type Owners, ownedBut } from './filters';
import { indexedFrom, schemaOf, type TableDefinition, type TableRow } from './table-definition';

/** Holds the writers' lock while it works; throws where the lock got lost on the way. */
export type WriterLock = <T>(work: (stillHeld: () => Promise<void>) => Promise<T>) => Promise<T>;

const rowsAtOnce = 2_000;
/** For how long a version of a table is kept, in milliseconds: somebody may be reading it, and clocks may be an hour apart. */
const olderVersionsMs = 2 * 3_600_000;
/** With LanceDB's own (20 and 300) one in forty of the ten nearest among 10,000 recordings was missed; with these, none in a thousand. */
const graph = { m: 64, efConstruction: 300 } as const;

/**
 * Writes one table, which there is one of at a time: two merges at once make two rows of one id. A second writer waits for
 * the lock, whatever process it is in. The table is made where it is missing.
 */
export async function writeTable<T>(
  database: VectorDatabase,
  definition: TableDefinition,
  lock: WriterLock,
  work: (writer: TableWriter) => Promise<T>,
): Promise<T> {
  return lock(async (stillHeld) => {
    await database.make(definition.name, () => schemaOf(definition));
    return work(new TableWriter(database, definition, stillHeld));
  });
}

export class TableWriter {
  constructor(
    private readonly database: VectorDatabase,
    private readonly definition: TableDefinition,
    private readonly stillHeld: () => Promise<void>,
  ) {}

  /** Adds the rows, or puts them in place of those with their ids. Throws VectorError before anything is written. */
  async upsert(rows: readonly TableRow[]): Promise<void> {
    for (const { vector } of rows) checkVector(vector, this.definition.dimensions);
    const distinct = [...new Map(rows.map((row) => [row.id, row])).values()];
    for (let at = 0; at < distinct.length; at += rowsAtOnce) {
      const some = distinct.slice(at, at + rowsAtOnce).map((row) => ({ ...row, vector: Array.from(row.vector) }));
      await this.write((table) =>
        table.mergeInsert('id').whenMatchedUpdateAll().whenNotMatchedInsertAll().execute(some),
      );
    }
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (let at = 0; at < ids.length; at += rowsAtOnce)
      await this.write((table) => table.delete(idIn(ids.slice(at, at + rowsAtOnce))));
  }

  /** Makes the rows all that these owners have; says how many others of theirs were taken out. */
  async replace(owners: Owners, rows: readonly TableRow[]): Promise<number> {
    await this.upsert(rows);
    const others = ownedBut(
      this.definition.owner,
      owners,
      rows.map(({ id }) => id),
    );
    const removed = await this.database.with(this.definition.name, (table) => table.countRows(others));
    if (removed > 0) await this.write((table) => table.delete(others));
    return removed;
  }

  /** Indexes what has grown large enough, takes new rows into the indexes there are, and compacts what many writes left. */
  async tidy(): Promise<void> {
    await this.write((table) => table.optimize({ cleanupOlderThan: new Date(Date.now() - olderVersionsMs) }));
    const { fullText, filtered } = this.definition;
    const rows = await this.database.with(this.definition.name, (table) => table.countRows());
    const indexed = new Set(
      (await this.database.with(this.definition.name, (table) => table.listIndices())).flatMap(
        ({ columns }) => columns,
      ),
    );
    const make = async (column: string, config?: Index) => {
      if (!indexed.has(column)) await this.write((table) => table.createIndex(column, config ? { config } : {}));
    };
    const { Index: kinds } = await import('@lancedb/lancedb');
    if (fullText !== null && rows > 0) await make(fullText, kinds.fts(wholeWords));
    if (rows < indexedFrom) return;
    await make('vector', kinds.hnswSq({ distanceType: 'cosine', numPartitions: 1, ...graph }));
    for (const column of ['id', ...filtered]) await make(column);
  }

  private async write<T>(step: (table: Table) => Promise<T>): Promise<T> {
    await this.stillHeld();
    return this.database.with(this.definition.name, step);
  }
}

/** Of any language, as they are: names have no stems and no words to leave out. */
const wholeWords = {
  withPosition: false,
  stem: false,
  removeStopWords: false,
  lowercase: true,
  asciiFolding: true,
} as const;
