import { connect, type Connection, type Table } from '@lancedb/lancedb';
import { schemaOf, type TableDefinition } from './table-definition';

/** The table is not there: its folder was never made, or was deleted. An indexer makes it anew from PostgreSQL. */
export class IndexMissing extends Error {
  override readonly name = 'IndexMissing';
  constructor() {
    super('index_missing');
  }
}

/** Where the vector tables are. */
export class VectorDatabase {
  readonly #open = new Map<string, Promise<Table>>();
  private constructor(private readonly connection: Connection) {}

  /** @param uri a folder, or an address of object storage such as `s3://bucket/path` */
  static async open(uri: string): Promise<VectorDatabase> {
    // 0: what another process has written is seen by the next read.
    return new VectorDatabase(await connect(uri, { readConsistencyInterval: 0 }));
  }

  /** Does something with the table; throws IndexMissing where there is none. */
  async with<T>(definition: TableDefinition, work: (table: Table) => Promise<T>): Promise<T> {
    try {
      return await work(await this.table(definition.name));
    } catch (error) {
      this.#open.delete(definition.name);
      if (await this.has(definition)) throw error;
      throw new IndexMissing();
    }
  }

  async has({ name }: TableDefinition): Promise<boolean> {
    return (await this.connection.tableNames()).includes(name);
  }

  /** Makes the table where it is missing; only whoever holds the writer's lock may. */
  async make(definition: TableDefinition): Promise<void> {
    if (await this.has(definition)) return;
    this.#open.delete(definition.name);
    await this.connection.createEmptyTable(definition.name, schemaOf(definition));
  }

  close(): void {
    this.connection.close();
  }

  private table(name: string): Promise<Table> {
    const known = this.#open.get(name);
    if (known) return known;
    const opened = this.connection.openTable(name);
    this.#open.set(name, opened);
    return opened;
  }
}
