import { blockFileHeader, blockFileLine, type FiledBlock } from '../../domain/block-file';
import { loadArtists } from './artist-search';
import { listBlocks } from './blocks-store';
import type { EntityManager } from './orm';

/** Blocks read with one statement. */
const batchLength = 500;

/** All of a person's own blocks, expired ones included, newest first, batch by batch. */
export async function* filedBlocks(em: EntityManager, userId: string): AsyncGenerator<FiledBlock[]> {
  let after: { createdAt: string; artistId: string } | null = null;
  do {
    const rows = await listBlocks(em, { userId, query: null, tag: null, limit: batchLength, after });
    const ids = rows.map(({ artistId }) => artistId);
    const artists = new Map((await loadArtists(em, ids)).map((artist) => [artist.id, artist]));
    yield rows.flatMap(({ artistId, note, tags, expiresAt, onExpiry, createdAt }) => {
      const artist = artists.get(artistId);
      if (!artist) return [];
      const { spotify = [], apple_music = [], musicbrainz = [] } = artist.providerIds;
      const providerIds = { spotify, apple_music, musicbrainz };
      return [{ artistId, name: artist.name, providerIds, note, tags, expiresAt, onExpiry, createdAt }];
    });
    const last = rows.length === batchLength ? rows.at(-1) : undefined;
    after = last ? { createdAt: last.createdAt.toISOString(), artistId: last.artistId } : null;
  } while (after);
}

/** The same as lines of CSV. */
export async function* blocksCsv(em: EntityManager, userId: string): AsyncGenerator<string> {
  yield blockFileHeader();
  for await (const batch of filedBlocks(em, userId)) yield batch.map(blockFileLine).join('');
}
