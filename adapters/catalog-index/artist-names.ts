import { artistNameRows, artistNameTable } from '../lancedb/artists';
import { countNames, namesOf } from '../postgres/artist-names';
import { idsAfter } from '../postgres/graph-rows';
import type { IndexedTable } from './indexed-table';

/** Artists by their names and aliases. */
export const artistNames: IndexedTable = {
  definition: artistNameTable,
  kinds: ['artist', 'aliases'],
  batch: 1_000,
  owners: (em, place) => idsAfter(em, { kind: 'artist', ...place }),
  rows: async (em, owners) =>
    (await namesOf(em, owners)).flatMap(({ artistId, names }) => artistNameRows(artistId, names)),
  count: countNames,
};
