import type { NamedArtist } from '../../domain/block-file-rows';
import type { ArtistLookup } from '../../domain/block-imports';
import { nameKey } from '../../domain/name-keys';
import { knownArtists } from './artist-search';
import type { EntityManager } from './orm';

/** Artists shown for one name; whoever shares theirs with more is in doubt anyway. */
const mostNamesakes = 50;

/** What the catalog knows of the artists that these rows name, in three statements. */
export async function lookUpArtists(em: EntityManager, rows: readonly NamedArtist[]): Promise<ArtistLookup> {
  const known = new Set(
    await knownArtists(
      em,
      rows.flatMap(({ artistId }) => artistId ?? []),
    ),
  );
  const byId = await byProviderIds(em, rows);
  const byKey = await byNames(em, [...new Set(rows.flatMap(({ name }) => name ?? []))]);
  return {
    has: (artistId) => known.has(artistId),
    byProviderId: (provider, providerId) => byId.get(`${provider} ${providerId}`) ?? null,
    byName: (name) => byKey.get(nameKey(name)) ?? [],
  };
}

async function byProviderIds(em: EntityManager, rows: readonly NamedArtist[]): Promise<Map<string, string>> {
  const asked = rows.flatMap(({ providerIds }) =>
    Object.entries(providerIds).flatMap(([provider, ids]) => ids.map((id) => ({ provider, id }))),
  );
  if (asked.length === 0) return new Map();
  const found = await em.execute<{ provider: string; provider_id: string; artist_id: string }[]>(
    `select i.provider, i.provider_id, i.artist_id from artist_provider_ids i
     join (select distinct provider, id from jsonb_to_recordset(?::jsonb) as r(provider text, id text)) asked
       on i.provider = asked.provider and i.provider_id = asked.id`,
    [JSON.stringify(asked)],
  );
  return new Map(found.map((row) => [`${row.provider} ${row.provider_id}`, row.artist_id]));
}

/** Rows that a name is looked for in before they are put in order, so that the order is never what the search goes by. */
const mostLookedAt = 1_000;

/** Artists by the key of a name: whose own it is, then whose alias, each in the order of their ids. */
async function byNames(em: EntityManager, names: readonly string[]): Promise<Map<string, string[]>> {
  if (names.length === 0) return new Map();
  const found = await em.execute<{ key: string; ids: string[] }[]>(
    `select asked.key,
       array(select id from (select id from artists where name_key = asked.key limit ?) a order by id limit ?)
       || array(select distinct artist_id from (select artist_id from artist_aliases where name_key = asked.key limit ?) l
         order by artist_id limit ?) as ids
     from (select distinct jsonb_array_elements_text(?::jsonb) as key) asked where asked.key <> ''`,
    [mostLookedAt, mostNamesakes, mostLookedAt, mostNamesakes, JSON.stringify(names.map(nameKey))],
  );
  return new Map(found.map(({ key, ids }) => [key, [...new Set(ids)].slice(0, mostNamesakes)]));
}
