import { z } from 'zod';
import type { World } from '../conduct/world';
import { insertAt, moveRange, OutOfBounds } from '../spotify/playlist-editing';
import { snapshotId } from '../spotify/playlist-presenter';
import { wholeSeconds } from '../state/bookkeeping';
import type { Playlist } from '../state/model';
import { AdminError } from './admin-error';

const place = z.number().int().nonnegative();

/** What a person does to a playlist in their Spotify app. `remove` takes single places out, as only the app can. */
export const playlistEditSchema = z.discriminatedUnion('op', [
  z
    .object({ op: z.literal('insert'), uris: z.array(z.string().nullable()).min(1), position: place.optional() })
    .strict(),
  z.object({ op: z.literal('remove'), position: place, count: z.number().int().positive().default(1) }).strict(),
  z.object({ op: z.literal('move'), from: place, to: place, count: z.number().int().positive().default(1) }).strict(),
  z.object({ op: z.literal('rename'), name: z.string().min(1) }).strict(),
]);

export type PlaylistEdit = z.infer<typeof playlistEditSchema>;

/**
 * Carries out a person's own edit, at once and for every reader.
 *
 * @returns the playlist's new snapshot id
 * @throws AdminError where there is no such playlist or place
 */
export function editPlaylist(world: World, userId: string, playlistId: string, edit: PlaylistEdit): string {
  const playlist = world.books.current.playlists[playlistId];
  if (!playlist) throw new AdminError(404, 'There is no such playlist.');
  try {
    const next = { ...applyEdit(playlist, userId, edit), version: playlist.version + 1 };
    world.books.writePlaylist(next);
    return snapshotId(next);
  } catch (error) {
    if (error instanceof OutOfBounds) throw new AdminError(400, error.message);
    throw error;
  }
}

function applyEdit(playlist: Playlist, userId: string, edit: PlaylistEdit): Playlist {
  const { items } = playlist;
  switch (edit.op) {
    case 'insert': {
      const added = edit.uris.map((uri) => ({ uri, addedAt: wholeSeconds(), addedBy: userId }));
      return { ...playlist, items: insertAt(items, edit.position ?? items.length, added) };
    }
    case 'remove': {
      if (edit.position + edit.count > items.length) throw new OutOfBounds('Index out of bounds.');
      return { ...playlist, items: items.toSpliced(edit.position, edit.count) };
    }
    case 'move':
      return { ...playlist, items: moveRange(items, edit.from, edit.to, edit.count) };
    case 'rename':
      return { ...playlist, name: edit.name };
  }
}
