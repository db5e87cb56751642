import type { Graph } from './graph';

/** Changes of the graph's schema, oldest first. A statement can be carried out twice: its record is written after it. */
export const graphMigrations: readonly { version: number; name: string; statements: readonly string[] }[] = [
  {
    version: 1,
    name: 'ids',
    statements: [
      'CREATE CONSTRAINT graph_migration_version IF NOT EXISTS FOR (m:GraphMigration) REQUIRE m.version IS UNIQUE',
      'CREATE CONSTRAINT graph_state_id IF NOT EXISTS FOR (s:GraphState) REQUIRE s.id IS UNIQUE',
      'CREATE CONSTRAINT artist_id IF NOT EXISTS FOR (a:Artist) REQUIRE a.id IS UNIQUE',
      'CREATE CONSTRAINT album_id IF NOT EXISTS FOR (b:Album) REQUIRE b.id IS UNIQUE',
      'CREATE CONSTRAINT track_id IF NOT EXISTS FOR (t:Track) REQUIRE t.id IS UNIQUE',
    ],
  },
  {
    version: 2,
    name: 'generations',
    statements: [
      'CREATE INDEX artist_generation IF NOT EXISTS FOR (a:Artist) ON (a.generation)',
      'CREATE INDEX album_generation IF NOT EXISTS FOR (b:Album) ON (b.generation)',
      'CREATE INDEX track_generation IF NOT EXISTS FOR (t:Track) ON (t.generation)',
    ],
  },
  {
    version: 3,
    name: 'studio work',
    statements: [
      `MATCH ()-[r:COLLABORATED_WITH]->() WHERE r.produced IS NULL
       CALL (r) { SET r.produced = 0, r.written = 0 } IN TRANSACTIONS OF 10000 ROWS`,
    ],
  },
];

/** Applies what this graph does not have yet, and returns the versions. A graph that was emptied has none. */
export async function migrateGraph(graph: Graph): Promise<number[]> {
  const rows = await graph.read((tx) =>
    tx.run<{ version: number }>('MATCH (m:GraphMigration) RETURN m.version AS version'),
  );
  const applied = new Set(rows.map(({ version }) => version));
  const missing = graphMigrations.filter(({ version }) => !applied.has(version));
  for (const { version, name, statements } of missing) {
    for (const statement of statements) await graph.define(statement);
    await graph.write((tx) =>
      tx.run('MERGE (m:GraphMigration {version: $version}) ON CREATE SET m.name = $name, m.appliedAt = datetime()', {
        version,
        name,
      }),
    );
  }
  if (missing.length > 0) await graph.define('CALL db.awaitIndexes(60)');
  return missing.map(({ version }) => version);
}
