import { z } from 'zod';
import { albumAnswer, artistAnswer, trackAnswer } from './catalog-answers';
import type {
  Page,
  SpotifyLikedTrack,
  SpotifyPlaylistEntry,
  SpotifyPlaylistSummary,
  SpotifyProfile,
  SpotifySavedAlbum,
} from './types';

/*
 * What we read of Spotify's answers about a person's library. Field names of both dialects are taken: `item` and `items`
 * of development mode, `track` and `tracks` of extended quota.
 */

const offsetPage = <T>(items: z.ZodType<T[]>): z.ZodType<Page<T>> =>
  z
    .object({ items, total: z.number(), offset: z.number(), next: z.string().nullable() })
    .transform(({ items: found, total, offset, next }) => ({ items: found, total, offset, more: next !== null }));

/** Drops places that hold nothing: positions do not matter in these lists, and the next page goes by offset and limit. */
const filled = <T>(item: z.ZodType<T>, member?: 'track' | 'album') =>
  z.array(z.unknown()).transform((list, context) => {
    const parsed = z.array(item).safeParse(list.filter((entry) => holds(entry, member)));
    if (parsed.success) return parsed.data;
    context.addIssue({ code: 'custom', message: 'not the items expected' });
    return z.NEVER;
  });

function holds(entry: unknown, member?: string): boolean {
  if (typeof entry !== 'object' || entry === null) return false;
  return member === undefined || (entry as Record<string, unknown>)[member] !== null;
}

export const profileAnswer: z.ZodType<SpotifyProfile> = z
  .object({ id: z.string(), account_id: z.string().nullish(), display_name: z.string().nullish() })
  .transform((profile) => ({
    accountId: profile.account_id ?? profile.id,
    userId: profile.id,
    displayName: profile.display_name ?? profile.id,
  }));

const likedTrack: z.ZodType<SpotifyLikedTrack> = z
  .object({ added_at: z.string(), track: trackAnswer })
  .transform(({ added_at: addedAt, track }) => ({ addedAt, track }));

const savedAlbum: z.ZodType<SpotifySavedAlbum> = z
  .object({ added_at: z.string(), album: albumAnswer })
  .transform(({ added_at: addedAt, album }) => ({ addedAt, album }));

export const likedTracksAnswer = offsetPage(filled(likedTrack, 'track'));
export const savedAlbumsAnswer = offsetPage(filled(savedAlbum, 'album'));

export const followedArtistsAnswer = z
  .object({
    artists: z.object({
      items: z.array(artistAnswer),
      total: z.number(),
      next: z.string().nullish(),
      cursors: z.object({ after: z.string().nullish() }).nullish(),
    }),
  })
  .transform(({ artists }) => ({
    items: artists.items,
    total: artists.total,
    after: artists.next ? (artists.cursors?.after ?? null) : null,
  }));

const counted = z.object({ total: z.number() }).nullish();

const playlistSummary: z.ZodType<SpotifyPlaylistSummary> = z
  .object({
    id: z.string(),
    name: z.string(),
    owner: z.object({ id: z.string() }),
    collaborative: z.boolean().nullish(),
    snapshot_id: z.string(),
    description: z.string().nullish(),
    items: counted,
    tracks: counted,
  })
  .transform((playlist) => ({
    id: playlist.id,
    name: playlist.name,
    ownerId: playlist.owner.id,
    collaborative: playlist.collaborative ?? false,
    snapshotId: playlist.snapshot_id,
    length: playlist.items?.total ?? playlist.tracks?.total ?? 0,
    description: playlist.description ?? null,
  }));

export const playlistsAnswer = offsetPage(filled(playlistSummary));

/** `length` is null where Spotify does not show the app what is on the playlist. */
export const playlistStateAnswer = z
  .object({ snapshot_id: z.string(), name: z.string(), items: counted, tracks: counted })
  .transform((playlist) => ({
    snapshotId: playlist.snapshot_id,
    length: playlist.items?.total ?? playlist.tracks?.total ?? null,
    name: playlist.name,
  }));

const place = z
  .object({
    added_at: z.string().nullish(),
    added_by: z.object({ id: z.string().nullish() }).nullish(),
    is_local: z.boolean().nullish(),
    item: z.unknown().optional(),
    track: z.unknown().optional(),
  })
  .nullable();
const content = z.object({ uri: z.string(), type: z.string().nullish(), name: z.string().nullish() });

const playlistEntry: z.ZodType<SpotifyPlaylistEntry> = place.transform((entry) => {
  const where = { addedAt: entry?.added_at ?? null, addedBy: entry?.added_by?.id ?? null };
  const held = entry?.item ?? entry?.track;
  const what = content.safeParse(held).data;
  if (!what) return { ...where, uri: null, kind: 'unavailable', track: null, name: null } as const;
  const name = what.name ?? null;
  if (entry?.is_local || what.uri.startsWith('spotify:local:'))
    return { ...where, uri: what.uri, kind: 'local', track: null, name } as const;
  if (what.type === 'episode' || what.uri.startsWith('spotify:episode:'))
    return { ...where, uri: what.uri, kind: 'episode', track: null, name } as const;
  const track = trackAnswer.safeParse(held).data;
  if (!track) return { ...where, uri: what.uri, kind: 'unavailable', track: null, name } as const;
  return { ...where, uri: what.uri, kind: 'track', track, name } as const;
});

export const playlistItemsAnswer = offsetPage(z.array(playlistEntry));

export const snapshotAnswer = z
  .object({ snapshot_id: z.string().min(1) })
  .transform(({ snapshot_id: snapshotId }) => ({ snapshotId }));

export const createdPlaylistAnswer = z
  .object({ id: z.string().min(1).max(100), snapshot_id: z.string() })
  .transform(({ id, snapshot_id: snapshotId }) => ({ id, snapshotId }));

/** One boolean for each URI that was asked about. */
export const containsAnswer = (asked: number): z.ZodType<boolean[]> => z.array(z.boolean()).length(asked);
