import type { GenreRows } from '../../domain/style/genre-counts';
import type { StyleFacts } from '../../domain/style/style-vector';
import { givenIds } from './erasure';
import type { EntityManager } from './orm';

/** What these artists' styles are made of; of those without a genre there is none. */
export async function styleFactsOf(
  em: EntityManager,
  artistIds: readonly string[],
): Promise<(StyleFacts & { artistId: string })[]> {
  return em.execute<(StyleFacts & { artistId: string })[]>(
    `select a.id as "artistId", a.disambiguation, g.genres from artists a
     join (select artist_id, jsonb_agg(distinct genre) as genres from artist_genres where genre ~ '[^[:space:]]' group by artist_id) g on g.artist_id = a.id
     where a.id in ${givenIds}`,
    [JSON.stringify(artistIds)],
  );
}

/** Artists, and those with a genre. */
export async function countStyles(em: EntityManager): Promise<{ owners: number; rows: number }> {
  const [row] = await em.execute<{ owners: number; rows: number }[]>(
    `select (select count(*) from artists)::int as owners,
       (select count(distinct artist_id) from artist_genres where genre ~ '[^[:space:]]')::int as rows`,
  );
  return row ?? { owners: 0, rows: 0 };
}

/** How many artists have each genre, and each two together. */
export async function genreRows(em: EntityManager): Promise<GenreRows> {
  const { rows: artists } = await countStyles(em);
  const genres = await em.execute<{ genre: string; n: number }[]>(
    `select genre, count(distinct artist_id)::int as n from artist_genres group by genre`,
  );
  const pairs = await em.execute<{ one: string; other: string; n: number }[]>(
    `select x.genre as one, y.genre as other, count(distinct x.artist_id)::int as n
     from artist_genres x join artist_genres y on y.artist_id = x.artist_id and y.genre > x.genre group by 1, 2`,
  );
  return {
    artists,
    genres: genres.map(({ genre, n }) => [genre, n]),
    pairs: pairs.map(({ one, other, n }) => [one, other, n]),
  };
}
