import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { newId } from './ids';
import type { EntityManager } from './orm';
import { trackKeysOf } from './track-keys';

const zip = promisify(gzip);
const unzip = promisify(gunzip);

/** What a library itself says of an item, where its provider does (Apple Music): the library's own id, and texts as printed. */
export interface OwnTexts {
  id: string;
  name: string;
  artistName: string;
  albumName: string | null;
}
/** `[uri, addedAt, null, texts]`: a song, album, artist or playlist's place in an Apple Music library. */
export type AppleMusicEntry = [uri: string, addedAt: string | null, addedBy: null, own: OwnTexts];
/** `[uri, addedAt]`: a like, newest first, or a saved album. */
export type SavedEntry = [uri: string, addedAt: string | null];
/** `[artistUri]`. */
export type FollowEntry = [uri: string];
/** `[uri, addedAt, addedBy]` in the playlist's order; the URI is null for an unavailable item. */
export type PlaylistEntry = [uri: string | null, addedAt: string | null, addedBy: string | null];
export type PartKind = 'likes' | 'albums' | 'follows' | 'playlist';

/** Packs any JSON value as gzip. */
export async function pack(value: unknown): Promise<Buffer> {
  return zip(JSON.stringify(value), { level: 6 });
}

/** The inverse of `pack`. */
export async function unpack<T>(packed: Buffer): Promise<T> {
  return JSON.parse((await unzip(packed)).toString('utf8')) as T;
}

/** Keeps the entries of one part, once however often they are seen; returns the content's id. */
export async function storeContent(
  em: EntityManager,
  connectionId: string,
  kind: PartKind,
  entries: readonly unknown[],
): Promise<string> {
  const text = JSON.stringify(entries);
  const fingerprint = createHash('sha256').update(text).digest('hex');
  const packed = await zip(text, { level: 6 });
  const holdsTracks = kind === 'likes' || kind === 'playlist';
  const keys = holdsTracks ? trackKeysOf(entries as readonly (SavedEntry | PlaylistEntry)[]) : Buffer.alloc(0);
  // The update makes the row visible to `returning` and keeps it from being cleaned away meanwhile.
  const rows = await em.execute<{ id: string }[]>(
    `insert into library_contents (id, connection_id, kind, fingerprint, entries, length, track_keys) values (?, ?, ?, ?, ?, ?, ?)
     on conflict (connection_id, kind, fingerprint) do update set created_at = now() returning id`,
    [newId(), connectionId, kind, fingerprint, packed, entries.length, keys],
  );
  return rows[0]!.id;
}

/** Reads the entries of contents by id. */
export async function loadContents(em: EntityManager, ids: readonly string[]): Promise<Map<string, unknown[]>> {
  if (ids.length === 0) return new Map();
  const rows = await em.execute<{ id: string; entries: Buffer }[]>(
    `select id, entries from library_contents where id in (select (jsonb_array_elements_text(?::jsonb))::uuid)`,
    [JSON.stringify(ids)],
  );
  return new Map(await Promise.all(rows.map(async (row) => [row.id, await unpack<unknown[]>(row.entries)] as const)));
}
