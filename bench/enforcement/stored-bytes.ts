import type { EntityManager } from '../../adapters/postgres/orm';

/** Tables of the catalog, which all people share. */
const catalogTables = new Set([
  'artists',
  'artist_provider_ids',
  'albums',
  'album_artists',
  'tracks',
  'track_artists',
  'provider_gates',
]);

export interface StoredBytes {
  /** Everything that is kept for people, with its indexes and what updates left behind. */
  people: number;
  catalog: number;
}

export async function storedBytes(em: EntityManager): Promise<StoredBytes> {
  const rows = await em.execute<{ name: string; bytes: string }[]>(
    `select relname as name, pg_total_relation_size(oid) as bytes from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
  );
  const sum = (shared: boolean) =>
    rows.filter(({ name }) => catalogTables.has(name) === shared).reduce((all, row) => all + Number(row.bytes), 0);
  return { people: sum(false), catalog: sum(true) };
}
