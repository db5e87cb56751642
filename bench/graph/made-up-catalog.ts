import type { MikroORM } from '../../adapters/postgres/orm';

/**
 * So many artists, and tracks of three of them each on albums of ten, until there are five times as many collaborations. A few
 * artists are on very many tracks, as in any catalog. The same numbers give the same catalog.
 */
export async function fillCatalog(orm: MikroORM, artists: number): Promise<void> {
  const tracks = Math.round(artists * 1.85);
  const em = orm.em.fork();
  await em.transactional(async (tx) => {
    // Of version 8: what the API takes for an id says which version it is.
    const id = (kind: string, number: string) =>
      `overlay(overlay(md5('${kind} ' || ${number}) placing '8' from 13) placing '8' from 17)::uuid`;
    await tx.execute(`select setseed(0.42)`);
    await tx.execute(
      `insert into artists (id, name, folded_name) select ${id('artist', 'n')}, 'Artist ' || n, 'artist ' || n from generate_series(1, ?) n`,
      [artists],
    );
    await tx.execute(
      `insert into albums (id, uri, name, release_date) select ${id('album', 'n')}, 'spotify:album:' || n, 'Album ' || n, (1960 + n % 65)::text
       from generate_series(0, ?) n`,
      [Math.floor(tracks / 10)],
    );
    await tx.execute(
      `insert into tracks (id, uri, name, album_id) select ${id('track', 'n')}, 'spotify:track:' || n, 'Track ' || n, ${id('album', '(n / 10)')}
       from generate_series(1, ?) n`,
      [tracks],
    );
    // The first of a track's artists is anybody, the others are known ones more often.
    await tx.execute(
      `insert into track_artists (track_id, position, artist_id)
       select ${id('track', 'n')}, p, ${id('artist', '(1 + floor(? * power(random(), 1 + p * 0.6)))::int')} from generate_series(1, ?) n, generate_series(0, 2) p`,
      [artists, tracks],
    );
  });
  await em.execute('analyze');
}
