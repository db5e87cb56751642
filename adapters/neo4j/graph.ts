import neo4j, { type ManagedTransaction, type RecordShape, type Session } from 'neo4j-driver';
import { castGraphFailure } from './failures';

/** Values that a statement is given; they are always bound, a statement's text never holds one. */
export type Bound = Readonly<Record<string, unknown>>;

/** Statements in one transaction. */
export interface GraphTransaction {
  /** The rows as they are named by the statement; whole numbers are numbers. */
  run<Row extends RecordShape = RecordShape>(statement: string, bound?: Bound): Promise<Row[]>;
}

/** The artist graph. Where it is away, everything throws `graph_unavailable`. */
export interface Graph {
  /** One transaction that reads, of ten seconds at most. */
  read<T>(work: (tx: GraphTransaction) => Promise<T>): Promise<T>;
  /** One transaction that writes, of half a minute at most; it is tried again where it came in another one's way. */
  write<T>(work: (tx: GraphTransaction) => Promise<T>): Promise<T>;
  /** A statement that changes the schema, in a transaction of its own. */
  define(statement: string): Promise<void>;
  /** Resolves when the engine answers and lets us in. */
  verify(): Promise<void>;
  close(): Promise<void>;
}

export interface GraphAddress {
  NEO4J_URI?: string;
  NEO4J_USER: string;
  NEO4J_PASSWORD?: string;
}

const readTimeout = 10_000;
/** Below the time for which a sync holds its lease: what was begun under one cannot end after it. */
const writeTimeout = 30_000;

/** Connects when first used, so that a process can start while Neo4j is away; null where no address is configured. */
export function openGraph({ NEO4J_URI, NEO4J_USER, NEO4J_PASSWORD }: GraphAddress): Graph | null {
  if (!NEO4J_URI) return null;
  const driver = neo4j.driver(NEO4J_URI, neo4j.auth.basic(NEO4J_USER, NEO4J_PASSWORD ?? ''), {
    connectionTimeout: 1_500,
    connectionAcquisitionTimeout: 1_800,
    maxConnectionPoolSize: 10,
    maxTransactionRetryTime: 3_000,
    disableLosslessIntegers: true,
    telemetryDisabled: true,
  });

  async function inSession<T>(defaultAccessMode: 'READ' | 'WRITE', work: (session: Session) => Promise<T>): Promise<T> {
    const session = driver.session({ defaultAccessMode });
    try {
      return await work(session);
    } catch (error) {
      throw castGraphFailure(error);
    } finally {
      await session.close();
    }
  }

  return {
    read: (work) =>
      inSession('READ', async (session) => {
        // Not by `executeRead`, which would try an engine that is away again and again while somebody waits.
        const tx = await session.beginTransaction({ timeout: readTimeout });
        const found = await work(statementsOf(tx));
        await tx.commit();
        return found;
      }),
    write: (work) =>
      inSession('WRITE', (session) => session.executeWrite((tx) => work(statementsOf(tx)), { timeout: writeTimeout })),
    define: (statement) =>
      inSession('WRITE', async (session) => {
        await session.run(statement, {}, { timeout: writeTimeout });
      }),
    async verify() {
      try {
        await driver.verifyConnectivity();
      } catch (error) {
        throw castGraphFailure(error);
      }
    },
    close: () => driver.close(),
  };
}

function statementsOf(tx: Pick<ManagedTransaction, 'run'>): GraphTransaction {
  return {
    async run<Row extends RecordShape>(statement: string, bound: Bound = {}): Promise<Row[]> {
      const { records } = await tx.run<Row>(statement, bind(bound) as Record<string, unknown>);
      return records.map((record) => record.toObject());
    },
  };
}

/** The driver sends every number of JavaScript's as a float, which `LIMIT` refuses: whole ones go as whole ones. */
function bind(value: unknown): unknown {
  if (Number.isInteger(value)) return neo4j.int(value as number);
  if (Array.isArray(value)) return value.map(bind);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, bind(one)]));
}
