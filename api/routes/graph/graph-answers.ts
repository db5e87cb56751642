import { graphRecord, type GraphRecord } from '../../../adapters/neo4j/graph-state';
import type { Graph, GraphTransaction } from '../../../adapters/neo4j/graph';
import { type ArtistRow, loadArtists } from '../../../adapters/postgres/artist-search';
import { currentArtistId } from '../../../adapters/postgres/current-artists';
import type { GraphSyncRow } from '../../../adapters/postgres/graph-syncs';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { DomainError } from '../../../domain/errors';
import type { Dependencies } from '../../dependencies';

/** Throws `graph_unavailable` where no graph is configured. */
export function requireGraph({ graph }: Pick<Dependencies, 'graph'>): Graph {
  if (!graph) throw new DomainError('graph_unavailable');
  return graph;
}

/** An artist of the catalog, by any id that stands for it, also where the graph does not have it yet. Throws `not_found`. */
export async function requireArtist(em: EntityManager, id: string): Promise<ArtistRow> {
  const [artist] = await loadArtists(em, [await currentArtistId(em, id)]);
  if (!artist) throw new DomainError('not_found');
  return artist;
}

export interface GraphAge {
  complete: boolean;
  syncedAt: string | null;
}

export const ageOf = (record: GraphRecord | null): GraphAge => ({
  complete: record?.watermark != null,
  syncedAt: record?.syncedAt?.toISOString() ?? null,
});

/** Reads from the graph, with how old it is at that moment. */
export async function readGraph<T>(
  deps: Pick<Dependencies, 'graph'>,
  work: (tx: GraphTransaction) => Promise<T>,
): Promise<{ found: T; sync: GraphAge }> {
  return requireGraph(deps).read(async (tx) => ({ sync: ageOf(await graphRecord(tx)), found: await work(tx) }));
}

/** Why there is nothing to show, where that is so. */
export const reasonIf = <Reason extends string>(empty: boolean, reason: Reason): { emptyReason?: Reason } =>
  empty ? { emptyReason: reason } : {};

export const nameOf = ({ id, name }: { id: string; name: string }) => ({ id, name });

/** Years as answers name them. */
export const workOf = ({ tracks, first, last }: { tracks: number; first: number | null; last: number | null }) => ({
  tracks,
  firstYear: first,
  lastYear: last,
});

/** Roles in which neither of two leads. */
export const sharedRolesOf = ({
  bothGuests,
  produced,
  written,
}: {
  bothGuests: number;
  produced: number;
  written: number;
}) => ({ bothGuests, produced, written });

export const presentSync = ({ failureCode, startedAt, finishedAt, ...sync }: GraphSyncRow) => ({
  ...sync,
  failure: failureCode === null ? null : { code: failureCode },
  startedAt: startedAt.toISOString(),
  finishedAt: finishedAt?.toISOString() ?? null,
});
