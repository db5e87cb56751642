import type { z } from 'zod';
import type { BlockRow } from '../../../adapters/postgres/blocks-store';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { describeArtistsById } from '../artists/describe-artists';
import type { blockSchema } from './schema';

/** Blocks with their artists, as their person sees them. */
export async function presentBlocks(
  em: EntityManager,
  userId: string,
  rows: readonly BlockRow[],
): Promise<z.input<typeof blockSchema>[]> {
  const artists = await describeArtistsById(
    em,
    userId,
    rows.map(({ artistId }) => artistId),
  );
  const byId = new Map(artists.map((artist) => [artist.id, artist]));
  return rows.flatMap((row) => {
    const artist = byId.get(row.artistId);
    return artist
      ? [
          {
            ...row,
            artist,
            expiresAt: row.expiresAt?.toISOString() ?? null,
            createdAt: row.createdAt.toISOString(),
            updatedAt: row.updatedAt.toISOString(),
          },
        ]
      : [];
  });
}
