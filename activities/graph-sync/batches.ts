import type { Graph } from '../../adapters/neo4j/graph';
import { measureComponents } from '../../adapters/neo4j/graph-components';
import { graphRecord } from '../../adapters/neo4j/graph-state';
import { hasOtherGenerations, removeNodes, removeOtherGenerations, type NodeKind } from '../../adapters/neo4j/remove';
import {
  creditsInGraph,
  putAlbums,
  putArtists,
  putCollaborationsBetween,
  putCollaborationsOf,
  putTracks,
} from '../../adapters/neo4j/write-catalog';
import { changedIds } from '../../adapters/postgres/catalog-feed';
import { graphAlbums, graphArtists, idsAfter } from '../../adapters/postgres/graph-rows';
import { graphTracks, tracksOfArtists, tracksOfPairs } from '../../adapters/postgres/graph-tracks';
import type { SyncCounts } from '../../adapters/postgres/graph-syncs';
import type { EntityManager } from '../../adapters/postgres/orm';
import { collaborationsOn, pairKey, pairsTouched } from '../../domain/artist-graph';
import type { GraphedKind } from '../../domain/graph-sync';
import type { GraphSyncTask } from './deps';

/** What a sync goes through, in this order: nodes before what lies between them. */
export const phases = {
  full: ['artists', 'albums', 'tracks', 'recordings', 'collaborations', 'removal', 'components'],
  incremental: ['artists', 'albums', 'tracks', 'recordings', 'components'],
} as const;
export type Phase = (typeof phases)[keyof typeof phases][number];

/** A batch that was read from the catalog; `after` is the last id that it looked at, null where its phase is over. */
export interface Batch {
  after: string | null;
  looked: number;
  /** Makes the graph so, and says what that did. Can be repeated. */
  write: () => Promise<Partial<SyncCounts>>;
}

/** The sizes at which a batch takes some tenths of a second. */
const sizes = {
  artists: 5_000,
  albums: 5_000,
  tracks: 2_000,
  changedTracks: 500,
  collaborations: 500,
  removal: 2_000,
};

export interface BatchInput {
  em: EntityManager;
  graph: Graph;
  task: GraphSyncTask;
  after: string | null;
}

const nothing = () => Promise.resolve({});
const nothingLeft: Batch = { after: null, looked: 0, write: nothing };

/**
 * Reads one batch of each phase, which may be while the one before it is written: nothing that is read rests on that. Every one can
 * be repeated: it makes what it writes as the catalog is.
 */
export const batchOf: Readonly<Record<Phase, (input: BatchInput) => Promise<Batch>>> = {
  async artists(input) {
    const { em, graph, task } = input;
    const ids = await idsOf(input, 'artist', sizes.artists);
    if (ids.length === 0) return nothingLeft;
    const rows = await graphArtists(em, ids);
    return batch(ids, sizes.artists, () =>
      graph.write(async (write) => {
        await putArtists(write, rows, task.generation);
        return { artists: rows.length, removed: await removeGone(write, 'artist', ids, rows) };
      }),
    );
  },

  async albums(input) {
    const { em, graph, task } = input;
    const ids = await idsOf(input, 'album', sizes.albums);
    if (ids.length === 0) return nothingLeft;
    const rows = await graphAlbums(em, ids);
    return batch(ids, sizes.albums, () =>
      graph.write(async (write) => {
        await putAlbums(write, rows, task.generation);
        return { albums: rows.length, removed: await removeGone(write, 'album', ids, rows) };
      }),
    );
  },

  tracks: (input) => (input.task.mode === 'full' ? allTracks(input, 'track') : changedTracks(input, 'track')),

  recordings: (input) =>
    input.task.mode === 'full' ? allTracks(input, 'recording') : changedTracks(input, 'recording'),

  async collaborations(input) {
    const { em, graph } = input;
    const ids = await idsOf(input, 'artist', sizes.collaborations);
    if (ids.length === 0) return nothingLeft;
    const given = new Set(ids);
    const tracks = await graphTracks(em, await tracksOfArtists(em, ids));
    const rows = collaborationsOn(tracks, ({ from }) => given.has(from));
    const written = batch(ids, sizes.collaborations, async () => {
      await graph.write((write) => putCollaborationsOf(write, ids, rows));
      return { collaborations: rows.length };
    });
    return { ...written, looked: 0 };
  },

  /** What this full sync has not come across is gone from the catalog. */
  async removal({ graph, task: { generation } }) {
    if (!(await graph.read((read) => hasOtherGenerations(read, generation)))) return nothingLeft;
    const write = async () => {
      let removed = 0;
      for (const kind of ['track', 'album', 'artist'] as const)
        removed += await graph.write((one) =>
          removeOtherGenerations(one, kind, { generation, limit: sizes.removal - removed }),
        );
      return { removed };
    };
    return { after: '', looked: 0, write };
  },

  components: ({ graph, task }) =>
    Promise.resolve({
      ...nothingLeft,
      write: async () => {
        if (await areDue(graph, task)) await measureComponents(graph);
        return {};
      },
    }),
};

/** Parts that hang together are counted anew by the clock at most this often, in milliseconds: it takes a look at every artist. */
const componentsEvery = 600_000;

async function areDue(graph: Graph, task: GraphSyncTask): Promise<boolean> {
  if (task.mode === 'full' || task.jobId !== null) return true;
  const measuredAt = (await graph.read(graphRecord))?.components?.measuredAt;
  return measuredAt === undefined || Date.now() - measuredAt.getTime() >= componentsEvery;
}

/** Tracks, or imported recordings that are none of them, with their credits. */
async function allTracks(input: BatchInput, kind: 'track' | 'recording'): Promise<Batch> {
  const { em, graph, task } = input;
  const ids = await idsOf(input, kind, sizes.tracks);
  if (ids.length === 0) return nothingLeft;
  const rows = await graphTracks(em, ids);
  return batch(ids, sizes.tracks, async () => {
    await graph.write((write) => putTracks(write, rows, task.generation));
    return { tracks: rows.length };
  });
}

/** The same of those that changed, and in the same transaction the pairs whose common work that touches, before and after. */
async function changedTracks(input: BatchInput, kind: 'track' | 'recording'): Promise<Batch> {
  const { em, graph, task } = input;
  const ids = await idsOf(input, kind, sizes.changedTracks);
  if (ids.length === 0) return nothingLeft;
  const rows = await graphTracks(em, ids);
  const after = new Map(rows.map(({ id, credits }) => [id, credits.map(({ artistId }) => artistId)]));
  return batch(ids, sizes.changedTracks, async () => {
    const before = await graph.read((read) => creditsInGraph(read, ids));
    const pairs = pairsTouched(ids.map((id) => [...(before.get(id) ?? []), ...(after.get(id) ?? [])]));
    const touched = new Set(pairs.map(pairKey));
    const shared = await graphTracks(em, await tracksOfPairs(em, pairs));
    const collaborations = collaborationsOn(shared, (pair) => touched.has(pairKey(pair)));
    const removed = await graph.write(async (write) => {
      await putTracks(write, rows, task.generation);
      await putCollaborationsBetween(write, pairs, collaborations);
      return removeGone(write, 'track', ids, rows);
    });
    return { tracks: rows.length, collaborations: collaborations.length, removed };
  });
}

function idsOf({ em, task, after }: BatchInput, kind: GraphedKind, limit: number): Promise<string[]> {
  if (task.mode === 'full') return idsAfter(em, { kind, after, limit });
  const kinds = kind === 'recording' ? ([kind, 'match'] as const) : [kind];
  return changedIds(em, { kinds, from: task.from, until: task.until, after, limit });
}

async function removeGone(
  write: Parameters<Parameters<Graph['write']>[0]>[0],
  kind: NodeKind,
  ids: readonly string[],
  rows: readonly { id: string }[],
): Promise<number> {
  const there = new Set(rows.map(({ id }) => id));
  const gone = ids.filter((id) => !there.has(id));
  return gone.length === 0 ? 0 : removeNodes(write, kind, gone);
}

function batch(ids: readonly string[], limit: number, write: Batch['write']): Batch {
  return { after: ids.length < limit ? null : (ids.at(-1) ?? null), looked: ids.length, write };
}
