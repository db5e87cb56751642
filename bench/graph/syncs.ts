import { createGraphSyncActivities, type GraphSyncPlace } from '../../activities/graph-sync';
import type { Graph } from '../../adapters/neo4j/graph';
import { newId } from '../../adapters/postgres/ids';
import type { MikroORM } from '../../adapters/postgres/orm';

export interface TimedSync {
  seconds: number;
  collaborations: number;
}

/** Syncs as its workflow does, by the clock, and says how far it is. */
export function graphSyncs(deps: { orm: MikroORM; graph: Graph }, tell: (what: string) => void) {
  const activities = createGraphSyncActivities(deps);
  return async (): Promise<TimedSync> => {
    const begunAt = performance.now();
    const begun = await activities.beginGraphSync({ syncId: newId(), jobId: null, full: false });
    if (begun.state !== 'begun') throw new Error(`The sync is ${begun.state}.`);
    const counts = { artists: 0, albums: 0, tracks: 0, collaborations: 0, removed: 0 };
    let place: GraphSyncPlace | null = null;
    do {
      const slice = await activities.syncGraphSlice({ task: begun.task, place });
      for (const kind of Object.keys(counts) as (keyof typeof counts)[]) counts[kind] += slice.did[kind];
      place = slice.next;
      tell(`${begun.task.mode} sync, ${place === null ? 'done' : `at ${place.phase}`}: ${JSON.stringify(counts)}`);
    } while (place !== null);
    await activities.finishGraphSync({ task: begun.task, counts, failureCode: null });
    return { seconds: (performance.now() - begunAt) / 1000, collaborations: counts.collaborations };
  };
}

/** A Neo4j that was started just now may keep the first question waiting for longer than a person would wait. */
export async function untilAnswering(graph: Graph): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await graph.verify();
    } catch (error) {
      if (tries === 20) throw error;
    }
  }
}
