import type { SandboxLibrary, SandboxPlaylist } from '../sandbox';

/** An edit between run and rollback whose outcome is beyond doubt. Places count from 0, in the playlist as the run left it. */
export interface OwnEdit {
  playlistId: string;
  playlistName: string;
  /** Goes in right after this item. */
  after: { uri: string; place: number };
  insert: string;
  remove: { uri: string; place: number };
}

/**
 * Finds a playlist of the person's that the run took something out of, a place in it away from every gap, a track that is
 * not on it, and an item to take out. Null where there is none.
 */
export function findOwnEdit(before: SandboxLibrary, afterRun: SandboxLibrary, user: string): OwnEdit | null {
  for (const old of before.playlists) {
    const left = afterRun.playlists.find(({ id }) => id === old.id);
    if (!left || old.ownerId !== user || old.collaborative || left.items.length === old.items.length) continue;
    const onIt = new Set(old.items.map(({ uri }) => uri));
    const fresh = afterRun.likes.map(({ trackId }) => `spotify:track:${trackId}`).find((uri) => !onIt.has(uri));
    const [after, remove] = placesAwayFromGaps(old, left);
    if (fresh && after && remove) return { playlistId: old.id, playlistName: old.name, after, insert: fresh, remove };
  }
  return null;
}

/** The library that must come back: as it was before, with the edit on top. The new item is the one that is there now. */
export function withOwnEdit(before: SandboxLibrary, edited: SandboxLibrary, edit: OwnEdit): SandboxLibrary {
  const added = edited.playlists.find(({ id }) => id === edit.playlistId)?.items.find(({ uri }) => uri === edit.insert);
  const playlists = before.playlists.map((playlist) => {
    if (playlist.id !== edit.playlistId || !added) return playlist;
    const items = playlist.items.flatMap((item) => {
      if (item.uri === edit.remove.uri) return [];
      return item.uri === edit.after.uri ? [item, added] : [item];
    });
    return { ...playlist, items };
  });
  return { ...before, playlists };
}

/** Tracks that are on the list once and have the neighbours that they had before, on both sides. */
function placesAwayFromGaps(old: SandboxPlaylist, left: SandboxPlaylist): { uri: string; place: number }[] {
  const counts = new Map<string | null, number>();
  for (const { uri } of old.items) counts.set(uri, (counts.get(uri) ?? 0) + 1);
  const alone = (uri: string | null | undefined): uri is string =>
    typeof uri === 'string' && uri.startsWith('spotify:track:') && counts.get(uri) === 1;
  const places = left.items.flatMap(({ uri }, place) => {
    if (!alone(uri)) return [];
    const was = old.items.findIndex((item) => item.uri === uri);
    const sides = [-1, 1].map((step) => [old.items[was + step]?.uri, left.items[place + step]?.uri]);
    return sides.every(([then, now]) => alone(then) && then === now) ? [{ uri, place }] : [];
  });
  // Far from each other, so that neither is the other's neighbour.
  const [first] = places;
  const far = places.findLast(({ place }) => first && place - first.place > 3);
  return first && far ? [first, far] : [];
}
