import type { Connection, Table } from '@lancedb/lancedb';
import type { Schema } from 'apache-arrow';

/** The vector tables, or one of them, cannot be used: never made or deleted; not readable; or out of reach as a whole. */
export class IndexUnusable extends Error {
  constructor(
    readonly reason: 'missing' | 'damaged' | 'away',
    options: ErrorOptions = {},
  ) {
    super(`index_${reason}`, options);
    this.name = 'IndexUnusable';
  }
}

/** The table is not there: its folder was never made, or was deleted. An indexer makes it anew from PostgreSQL. */
export class IndexMissing extends IndexUnusable {
  constructor() {
    super('missing');
    this.name = 'IndexMissing';
  }
}

/** Where the vector tables are. Connects, and loads the engine, when first used. */
export class VectorDatabase {
  #connected: Promise<Connection> | undefined;
  readonly #open = new Map<string, Promise<Table>>();

  /** @param uri a folder, or an address of object storage such as `s3://bucket/path` */
  constructor(private readonly uri: string) {}

  /** Does something with the table; once more where what was known of it is no longer so. Throws IndexUnusable. */
  async with<T>(name: string, work: (table: Table) => Promise<T>): Promise<T> {
    const known = this.#open.get(name);
    if (known) {
      try {
        return await work(await known);
      } catch {
        this.#open.delete(name);
      }
    }
    try {
      return await work(await this.table(name));
    } catch (error) {
      this.#open.delete(name);
      if (await this.has(name)) throw new IndexUnusable('damaged', { cause: error });
      throw new IndexMissing();
    }
  }

  async has(name: string): Promise<boolean> {
    return (await this.reached((connection) => connection.tableNames())).includes(name);
  }

  /** Makes the table where it is missing; only whoever holds the writer's lock may. */
  async make(name: string, schema: () => Promise<Schema>): Promise<void> {
    if (await this.has(name)) return;
    this.#open.delete(name);
    const made = await schema();
    await this.reached((connection) => connection.createEmptyTable(name, made));
  }

  /** Takes the table away, whatever is left of it; only whoever holds the writer's lock may. */
  async drop(name: string): Promise<void> {
    this.#open.delete(name);
    if (await this.has(name)) await this.reached((connection) => connection.dropTable(name));
  }

  /** Resolves when where the tables are can be reached. */
  async verify(): Promise<void> {
    await this.reached((connection) => connection.tableNames());
  }

  close(): void {
    void this.#connected?.then(
      (connection) => connection.close(),
      () => undefined,
    );
    this.#connected = undefined;
    this.#open.clear();
  }

  private async reached<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    try {
      return await work(await (this.#connected ??= this.connect()));
    } catch (error) {
      this.#connected = undefined;
      throw new IndexUnusable('away', { cause: error });
    }
  }

  private async connect(): Promise<Connection> {
    const { connect } = await import('@lancedb/lancedb');
    // 0: what another process has written is seen by the next read.
    return connect(this.uri, { readConsistencyInterval: 0 });
  }

  private table(name: string): Promise<Table> {
    const known = this.#open.get(name);
    if (known) return known;
    const opened = this.reached((connection) => Promise.resolve(connection)).then((connection) =>
      connection.openTable(name),
    );
    this.#open.set(name, opened);
    return opened;
  }
}
