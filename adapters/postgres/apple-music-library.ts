import type { AppleMusicItem, AppleMusicLibrary } from '../../domain/apple-music-library';
import { type AppleMusicEntry, loadContents } from './library-content';
import { loadParts } from './library-generations';
import type { EntityManager } from './orm';

/** Reads a whole published generation of an Apple Music library. */
export async function loadAppleMusicLibrary(
  em: EntityManager,
  generationId: string,
  accountUserId: string,
): Promise<AppleMusicLibrary> {
  const parts = await loadParts(em, generationId);
  const contents = await loadContents(em, [...new Set(parts.flatMap((part) => part.contentId ?? []))]);
  const entriesOf = (contentId: string | null | undefined) =>
    (contentId ? (contents.get(contentId) ?? []) : []) as AppleMusicEntry[];
  const partOf = (kind: string) => entriesOf(parts.find((part) => part.kind === kind)?.contentId);
  return {
    songs: partOf('likes').map(itemOf),
    albums: partOf('albums').map(itemOf),
    artistNames: partOf('follows').map(([, , , own]) => own.name),
    playlists: parts
      .filter((part) => part.kind === 'playlist' && part.contentId !== null)
      .map((part) => ({
        providerId: part.providerId,
        name: part.name ?? '',
        editable: part.ownerId === accountUserId,
        items: entriesOf(part.contentId).map(itemOf),
      })),
  };
}

const itemOf = ([uri, , , { name, artistName, albumName }]: AppleMusicEntry): AppleMusicItem => ({
  uri,
  name,
  artistName,
  albumName,
});

/** The catalogue's ids of those of the tracks that it has. */
export async function trackIds(em: EntityManager, uris: readonly string[]): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select id from tracks where uri in (select jsonb_array_elements_text(?::jsonb))`,
    [JSON.stringify(uris)],
  );
  return rows.map(({ id }) => id);
}
