import { type AnsweringArtist, answerQuality, isGoodAnswer, type MetName } from '../../domain/artist-ranking';
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
  array(select distinct al.name from artist_aliases al where al.artist_id = a.id and al.name <> a.name order by 1) as aliases,
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
    // As an array, rows are looked up in the index also while the database has no statistics of the catalog.
    `select ${columns} from artists a where a.id = any(array(select (jsonb_array_elements_text(?::jsonb))::uuid))`,
    [JSON.stringify(ids)],
  );
  const byId = new Map(rows.map((row) => [row.id, artistOf(row)]));
  return [...new Set(ids)].flatMap((id) => byId.get(id) ?? []);
}

/** Those of the artists that the catalog has. */
export async function knownArtists(em: EntityManager, artistIds: readonly string[]): Promise<string[]> {
  if (artistIds.length === 0) return [];
  const rows = await em.execute<{ id: string }[]>(`select id from artists where id in ${givenIds}`, [
    JSON.stringify(artistIds),
  ]);
  return rows.map(({ id }) => id);
}

/** Another name that a search met, as its source gives it; `locale` is empty where none is said. */
export interface MetAlias extends MetName {
  name: string;
  locale: string;
  source: string;
}

export type ArtistHit = ArtistRow & AnsweringArtist<MetAlias>;

/** A name that was met: the artist's own, or an alias. */
interface MetRow {
  id: string;
  folded_name: string;
  alias: string | null;
  locale: string | null;
  source: string | null;
}

/** An alias stands there once for each locale and source; so many rows are read for each that is asked for. */
const rowsOfAlias = 4;

/**
 * Artists who go by the text, by a name that starts with it, or, where those are fewer than `limit`, by one that is similar to it or
 * to a part of it; more than `limit` where several names are met.
 */
export async function searchCatalog(em: EntityManager, query: string, limit: number): Promise<ArtistHit[]> {
  const folded = foldName(query);
  if (folded === '') return [];
  const good = await hitsOf(em, await namesBeginning(em, folded, limit));
  const enough = good.filter((hit) => isGoodAnswer(answerQuality(query, hit))).length >= limit;
  return enough ? good : hitsOf(em, await namesLike(em, folded, limit), good);
}

const aliasColumns = `artist_id as id, folded_name, name as alias, locale, source`;
const ownColumns = `id, folded_name, null as alias, null as locale, null as source`;

async function namesBeginning(em: EntityManager, folded: string, limit: number): Promise<MetRow[]> {
  const aliases = limit * rowsOfAlias;
  return em.execute<MetRow[]>(
    `(select ${ownColumns} from artists where folded_name = ? order by id limit ?)
     union all (select ${ownColumns} from artists where folded_name like ? order by folded_name, id limit ?)
     union all (select ${aliasColumns} from artist_aliases where folded_name = ? order by artist_id, source, locale limit ?)
     union all (select ${aliasColumns} from artist_aliases where folded_name like ? order by folded_name, artist_id, source, locale limit ?)`,
    [folded, limit, startingWith(folded), limit, folded, aliases, startingWith(folded), aliases],
  );
}

/** The likest first. Without indexes each name of the catalog would be compared, which the planner takes for cheap. */
async function namesLike(em: EntityManager, folded: string, limit: number): Promise<MetRow[]> {
  const likeness = `greatest(similarity(folded_name, ?), word_similarity(?, folded_name))`;
  return em.transactional(async (tx) => {
    await tx.execute(`set local enable_seqscan = off`);
    return tx.execute<MetRow[]>(
      `select id, folded_name, alias, locale, source from (
       (select ${ownColumns}, ${likeness} as likeness from artists where folded_name % ? or ? <% folded_name order by likeness desc, id limit ?)
       union all (select ${aliasColumns}, ${likeness} as likeness from artist_aliases where folded_name % ? or ? <% folded_name
         order by likeness desc, artist_id, source, locale limit ?)) met order by likeness desc, id, alias nulls first, source, locale`,
      [folded, folded, folded, folded, limit, folded, folded, folded, folded, limit * rowsOfAlias],
    );
  });
}

/** Artists in the order in which their names were met, after those that were found before, each once with all its names. */
async function hitsOf(
  em: EntityManager,
  met: readonly MetRow[],
  before: readonly ArtistHit[] = [],
): Promise<ArtistHit[]> {
  const hits = new Map<string, { nameMet: boolean; metAliases: Map<string, MetAlias> }>();
  const of = (id: string) => {
    const hit = hits.get(id) ?? { nameMet: false, metAliases: new Map<string, MetAlias>() };
    hits.set(id, hit);
    return hit;
  };
  for (const { id, nameMet, metAliases } of before)
    hits.set(id, { nameMet, metAliases: new Map(metAliases.map((alias) => [alias.name, alias])) });
  for (const { id, alias, folded_name: foldedName, locale, source } of met) {
    const hit = of(id);
    if (alias === null) hit.nameMet = true;
    else if (!hit.metAliases.has(alias))
      hit.metAliases.set(alias, { name: alias, foldedName, locale: locale ?? '', source: source ?? '' });
  }
  const known = new Map<string, ArtistRow>(before.map((hit) => [hit.id, hit]));
  const fresh = await loadArtists(
    em,
    [...hits.keys()].filter((id) => !known.has(id)),
  );
  for (const artist of fresh) known.set(artist.id, artist);
  return [...hits].flatMap(([id, { nameMet, metAliases }]) => {
    const artist = known.get(id);
    return artist ? [{ ...artist, nameMet, metAliases: [...metAliases.values()] }] : [];
  });
}
