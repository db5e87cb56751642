import type { EntityManager } from './orm';

/** What a provider shows of an artist beside the name. */
export interface ArtistDetails {
  artistId: string;
  imageUrl: string | null;
  genres: readonly string[];
}

const longestGenre = 100;

/** Adds genres that a source says, and a picture where an artist has none yet; says for whom any of it was new. */
export async function addArtistDetails(
  em: EntityManager,
  source: string,
  artists: readonly ArtistDetails[],
): Promise<string[]> {
  const pictures = artists.filter(({ imageUrl }) => imageUrl !== null);
  const added: { artist_id: string }[] = [];
  if (pictures.length > 0)
    added.push(
      ...(await em.execute<{ artist_id: string }[]>(
        `update artists a set image_url = r."imageUrl" from jsonb_to_recordset(?::jsonb) as r("artistId" uuid, "imageUrl" text)
       where a.id = r."artistId" and a.image_url is null returning a.id as artist_id`,
        [JSON.stringify(pictures)],
      )),
    );
  const genres = artists.flatMap(({ artistId, genres: said }) =>
    said.filter((genre) => genre !== '' && genre.length <= longestGenre).map((genre) => ({ artistId, genre })),
  );
  if (genres.length > 0)
    added.push(
      ...(await em.execute<{ artist_id: string }[]>(
        `insert into artist_genres (artist_id, genre, source) select "artistId", genre, ? from jsonb_to_recordset(?::jsonb) as r("artistId" uuid, genre text)
       on conflict do nothing returning artist_id`,
        [source, JSON.stringify(genres)],
      )),
    );
  return added.map((row) => row.artist_id);
}
