import { idPairs, type ImportedArtist, KnownIds } from '../../domain/catalog-imports';
import { nameKey } from '../../domain/name-keys';
import { foldName } from '../../domain/names';
import { addAliases } from './artist-aliases';
import { addArtistDetails } from './artist-details';
import type { WorkedRow } from './catalog-import-rows';
import { newId } from './ids';
import type { EntityManager } from './orm';

interface ArtistRow {
  seq: number;
  entry: ImportedArtist;
}
type Named = ArtistRow & { artistId: string };

/**
 * Takes artists into the catalog, in the caller's transaction: whom one of the ids means gets what is new, and where nobody has
 * any of them there is a new artist. A name alone joins nothing. An artist keeps their name; another one is an alias.
 */
export async function takeArtists(tx: EntityManager, source: string, rows: readonly ArtistRow[]): Promise<WorkedRow[]> {
  // As a library's new artists: two that bring the same one must make one row of it.
  await tx.execute(`select pg_advisory_xact_lock(hashtext('catalog.artists'))`);
  const ids = await knownIds(tx, rows);
  const fresh: Named[] = [];
  const known: Named[] = [];
  const worked = rows.map((row): WorkedRow => {
    const candidates = ids.artistsOf(row.entry.providerIds);
    if (candidates.length > 1) return { seq: row.seq, outcome: 'conflict', candidates };
    const [found] = candidates;
    const named = { ...row, artistId: found ?? newId() };
    (found === undefined ? fresh : known).push(named);
    for (const [provider, id] of idPairs(row.entry.providerIds)) ids.add(provider, id, named.artistId);
    return { seq: row.seq, outcome: found === undefined ? 'created' : 'unchanged', candidates: [] };
  });
  await insertArtists(tx, fresh);
  const changed = await addWhatIsNew(tx, source, [...fresh, ...known]);
  const bySeq = new Map(known.map(({ seq, artistId }) => [seq, artistId]));
  return worked.map((row) => {
    const artistId = row.outcome === 'unchanged' ? bySeq.get(row.seq) : undefined;
    return artistId !== undefined && changed.has(artistId) ? { ...row, outcome: 'changed' } : row;
  });
}

async function knownIds(tx: EntityManager, rows: readonly ArtistRow[]): Promise<KnownIds> {
  const asked = rows.flatMap(({ entry }) => idPairs(entry.providerIds).map(([provider, id]) => ({ provider, id })));
  const found = await tx.execute<{ provider: string; provider_id: string; artist_id: string }[]>(
    `select i.provider, i.provider_id, i.artist_id from artist_provider_ids i
     join (select distinct provider, id from jsonb_to_recordset(?::jsonb) as r(provider text, id text)) asked
       on i.provider = asked.provider and i.provider_id = asked.id`,
    [JSON.stringify(asked)],
  );
  const ids = new KnownIds();
  for (const row of found) ids.add(row.provider, row.provider_id, row.artist_id);
  return ids;
}

async function insertArtists(tx: EntityManager, rows: readonly Named[]): Promise<void> {
  const made = rows.map(({ artistId, entry: { name, disambiguation } }) => ({
    id: artistId,
    name,
    folded: foldName(name),
    key: nameKey(name),
    disambiguation,
  }));
  await tx.execute(
    `insert into artists (id, name, folded_name, name_key, disambiguation) select id, name, folded, key, disambiguation
     from jsonb_to_recordset(?::jsonb) as r(id uuid, name text, folded text, key text, disambiguation text)`,
    [JSON.stringify(made)],
  );
}

/** Adds ids, aliases, genres and the disambiguation as far as they are new; says whose there were. */
async function addWhatIsNew(tx: EntityManager, source: string, rows: readonly Named[]): Promise<Set<string>> {
  const changed = new Set<string>();
  const run = async (sql: string, values: unknown[]) => {
    for (const { artist_id: id } of await tx.execute<{ artist_id: string }[]>(sql, values)) changed.add(id);
  };
  const each = <T>(of: (row: Named) => T[]) => JSON.stringify(rows.flatMap(of));
  await run(
    `insert into artist_provider_ids (provider, provider_id, artist_id) select provider, id, artist
     from jsonb_to_recordset(?::jsonb) as r(provider text, id text, artist uuid) on conflict do nothing returning artist_id`,
    [
      each(({ artistId, entry }) =>
        idPairs(entry.providerIds).map(([provider, id]) => ({ provider, id, artist: artistId })),
      ),
    ],
  );
  const aliases = rows.flatMap(({ artistId, entry }) =>
    [{ name: entry.name, locale: '' }, ...entry.aliases].map((alias) => ({ ...alias, artistId })),
  );
  for (const id of await addAliases(tx, source, aliases)) changed.add(id);
  const details = rows.map(({ artistId, entry: { imageUrl = null, genres } }) => ({ artistId, imageUrl, genres }));
  for (const id of await addArtistDetails(tx, source, details)) changed.add(id);
  await run(
    `with said as (select distinct on (artist) artist, disambiguation from jsonb_to_recordset(?::jsonb) as r(artist uuid, seq int, disambiguation text)
       where disambiguation is not null order by artist, seq desc)
     update artists a set disambiguation = s.disambiguation from said s
     where a.id = s.artist and a.disambiguation is distinct from s.disambiguation returning a.id as artist_id`,
    [each(({ artistId, seq, entry: { disambiguation } }) => [{ artist: artistId, seq, disambiguation }])],
  );
  return changed;
}
