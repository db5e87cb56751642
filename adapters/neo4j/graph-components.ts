import { Components } from '../../domain/components';
import type { Graph } from './graph';
import { recordComponents } from './graph-state';

/** Artists that one read fetches. */
const pageSize = 5_000;

/** Counts the parts of the graph that hang together, page by page, and writes them down in it. */
export async function measureComponents(graph: Graph): Promise<void> {
  const components = new Components();
  for (let after = ''; ;) {
    const artists = await graph.read((tx) =>
      tx.run<{ id: string; others: string[] }>(
        `MATCH (a:Artist) WHERE a.id > $after WITH a ORDER BY a.id LIMIT $limit
         RETURN a.id AS id, [(a)-[:COLLABORATED_WITH]->(b) | b.id] AS others ORDER BY id`,
        { after, limit: pageSize },
      ),
    );
    for (const { id, others } of artists) {
      components.add(id);
      for (const other of others) components.join(id, other);
    }
    const last = artists.at(-1);
    if (!last || artists.length < pageSize) break;
    after = last.id;
  }
  await graph.write((tx) => recordComponents(tx, components.summary()));
}
