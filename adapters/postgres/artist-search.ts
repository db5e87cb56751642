import { foldName } from '../../domain/names';
import { givenIds } from './erasure';
import { startingWith } from './like-pattern';
import type { EntityManager } from './orm';

/** An artist of the catalog with what providers call it. */
export interface ArtistRow {
  id: string;
  name: string;
  foldedName: string;
  disambiguation: string | null;
  imageUrl: string | null;
  aliases: string[];
  genres: string[];
  /** Ids by provider, sorted. */
  providerIds: Record<string, string[]>;
}

interface RawArtist {
  id: string;
  name: string;
  folded_name: string;
  disambiguation: string | null;
  image_url: string | null;
  aliases: string[];
  genres: string[];
  provider_ids: Record<string, string[]> | null;
}

const columns = `a.id, a.name, a.folded_name, a.disambiguation, a.image_url,
  array(select distinct al.name from artist_aliases al where al.artist_id = a.id order by 1) as aliases,
  array(select distinct g.genre from artist_genres g where g.artist_id = a.id order by 1) as genres,
  (select jsonb_object_agg(p.provider, p.ids) from (select i.provider, jsonb_agg(i.provider_id order by i.provider_id) as ids
    from artist_provider_ids i where i.artist_id = a.id group by i.provider) as p) as provider_ids`;

function artistOf(row: RawArtist): ArtistRow {
  return {
    id: row.id,
    name: row.name,
    foldedName: row.folded_name,
    disambiguation: row.disambiguation,
    imageUrl: row.image_url,
    aliases: row.aliases,
    genres: row.genres,
    providerIds: row.provider_ids ?? {},
  };
}

/** Artists by id, in the order of the ids; unknown ones are left out. */
export async function loadArtists(em: EntityManager, ids: readonly string[]): Promise<ArtistRow[]> {
  if (ids.length === 0) return [];
  const rows = await em.execute<RawArtist[]>(
    `select ${columns} from artists a where a.id in (select (jsonb_array_elements_text(?::jsonb))::uuid)`,
    [JSON.stringify(ids)],
  );
  const byId = new Map(rows.map((row) => [row.id, artistOf(row)]));
  return [...new Set(ids)].flatMap((id) => byId.get(id) ?? []);
}

/** Those of the artists that the catalog has. */
export async function knownArtists(em: EntityManager, artistIds: readonly string[]): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(`select id from artists where id in ${givenIds}`, [
    JSON.stringify(artistIds),
  ]);
  return rows.map(({ id }) => id);
}

/** Up to `limit` artists each whose folded name is the text, starts with it, or is similar to it or a part of it. */
export async function searchCatalog(em: EntityManager, query: string, limit: number): Promise<ArtistRow[]> {
  const folded = foldName(query);
  if (folded === '') return [];
  const rows = await em.execute<RawArtist[]>(
    `with hits as (
       (select id from artists where folded_name = ? order by id limit ?)
       union (select id from artists where folded_name like ? order by folded_name, id limit ?)
       union (select id from artists where folded_name % ? or ? <% folded_name
         order by greatest(similarity(folded_name, ?), word_similarity(?, folded_name)) desc, id limit ?)
     ) select ${columns} from hits join artists a using (id)`,
    [folded, limit, startingWith(folded), limit, folded, folded, folded, folded, limit],
  );
  return rows.map(artistOf);
}

/** The artist that a provider calls so; null where the catalog doesn't know it. */
export async function artistByProviderId(
  em: EntityManager,
  provider: string,
  providerId: string,
): Promise<string | null> {
  const rows = await em.execute<{ artist_id: string }[]>(
    `select artist_id from artist_provider_ids where provider = ? and provider_id = ?`,
    [provider, providerId],
  );
  return rows[0]?.artist_id ?? null;
}

/** Ids of the artists credited on a track or an album, in credit order; empty where the catalog doesn't know it. */
export async function creditedArtists(em: EntityManager, kind: 'track' | 'album', uri: string): Promise<string[]> {
  const rows = await em.execute<{ artist_id: string }[]>(
    `select c.artist_id from ${kind}s t join ${kind}_artists c on c.${kind}_id = t.id where t.uri = ? order by c.position`,
    [uri],
  );
  return rows.map((row) => row.artist_id);
}
