import { z } from 'zod';
import { type TableCondition, tableReasons } from '../../domain/index-tables';
import { asSnapshot, isSnapshot } from '../../domain/transaction-snapshot';
import { IndexMissing, IndexUnusable, type VectorDatabase } from './database';
import { schemaOf, shapeOf, type TableDefinition } from './table-definition';

const moment = z.iso.datetime();

const stateSchema = z.object({
  version: z.int(),
  catalogId: z.uuid(),
  /** Which transactions' changes the table has. */
  watermark: z.string().transform(asSnapshot).refine(isSnapshot),
  /** When, and why, it was last made or written over whole. */
  builtAt: moment,
  reason: z.enum(tableReasons),
  syncedAt: moment,
  tidiedAt: moment,
  /** Whether anything may have been written since. */
  untidy: z.boolean(),
});

/** What is kept with the tables of each: a folder that was deleted, or swapped for another, shows that by itself. */
export type TableState = z.infer<typeof stateSchema>;

export interface FoundTable {
  condition: TableCondition;
  /** Null before it was complete. */
  state: TableState | null;
  /** Null where they cannot be counted. */
  rows: number | null;
}

const statesTable = 'table_states';

/** Looks at a table, as it is. Throws IndexUnusable where the tables as a whole are away. */
export async function inspectTable(database: VectorDatabase, definition: TableDefinition): Promise<FoundTable> {
  try {
    const { shape, rows } = await database.with(definition.name, async (table) => ({
      shape: shapeOf(await table.schema()),
      rows: await table.countRows(),
    }));
    const state = await readState(database, definition.name);
    const same =
      shape === shapeOf(await schemaOf(definition)) && (state?.version ?? definition.version) === definition.version;
    return { condition: same ? 'sound' : 'other_shape', state: same ? state : null, rows };
  } catch (error) {
    if (!(error instanceof IndexUnusable) || error.reason === 'away') throw error;
    return { condition: error.reason, state: null, rows: null };
  }
}

/** Whether every row's id can be read: a file of the table may be gone although the table says that it has it. */
export async function isReadable(database: VectorDatabase, { name }: TableDefinition): Promise<boolean> {
  try {
    await database.with(name, async (table) => {
      for await (const batch of table.query().select(['id'])) void batch.numRows;
    });
    return true;
  } catch (error) {
    if (error instanceof IndexUnusable && error.reason !== 'away') return false;
    throw error;
  }
}

/** What is kept of a table; null before it was complete. */
export async function readState(database: VectorDatabase, name: string): Promise<TableState | null> {
  try {
    const rows = await database.with(statesTable, async (table) => {
      const found = await table.query().toArray();
      return found as { id: string; state: string }[];
    });
    const text = rows.find(({ id }) => id === name)?.state;
    return text === undefined ? null : (stateSchema.safeParse(JSON.parse(text)).data ?? null);
  } catch (error) {
    if (error instanceof IndexMissing) return null;
    throw error;
  }
}

/** Keeps what is to be known of a table; only whoever holds the writer's lock may. */
export async function keepState(database: VectorDatabase, name: string, state: TableState): Promise<void> {
  await database.make(statesTable, async () => {
    const { Field, Schema, Utf8 } = await import('apache-arrow');
    return new Schema([new Field('id', new Utf8(), false), new Field('state', new Utf8(), false)]);
  });
  await database.with(statesTable, async (table) => {
    await table
      .mergeInsert('id')
      .whenMatchedUpdateAll()
      .whenNotMatchedInsertAll()
      .execute([{ id: name, state: JSON.stringify(state) }]);
    await table.optimize({ cleanupOlderThan: new Date(Date.now() - 2 * 3_600_000) });
  });
}

/** Makes a table anew, empty, whatever there was; only whoever holds the writer's lock may. */
export async function makeAnew(database: VectorDatabase, definition: TableDefinition): Promise<void> {
  try {
    // First of all: what is half made must not be taken for complete.
    if (await database.has(statesTable))
      await database.with(statesTable, (table) => table.delete(`id = '${definition.name}'`));
  } catch (error) {
    if (!(error instanceof IndexUnusable) || error.reason !== 'damaged') throw error;
    await database.drop(statesTable);
  }
  await database.drop(definition.name);
  await database.make(definition.name, () => schemaOf(definition));
}
