import type { SandboxLibrary } from './sandbox-admin';
import type { System } from './system';

interface UndoneAction {
  uri: string;
  item_type: string;
  playlist_id: string | null;
  losses: string[];
}

/** Each date, author and place that is not as it was before must be a loss that the action declared. */
export async function expectDeclared(
  system: System,
  runId: string,
  before: SandboxLibrary,
  after: SandboxLibrary,
): Promise<void> {
  const actions = await system.orm.em
    .fork()
    .execute<UndoneAction[]>(`select uri, item_type, playlist_id, losses from actions where run_id = ?`, [runId]);
  const lossesOf = (uri: string, playlistId: string | null) =>
    actions.find((action) => action.uri === uri && action.playlist_id === playlistId)?.losses ?? [];
  const undeclared: string[] = [];
  const compare = (uri: string, playlistId: string | null, loss: string, was: unknown, is: unknown) => {
    if (was !== is && !lossesOf(uri, playlistId).includes(loss)) undeclared.push(`${loss} of ${uri}`);
  };

  const likes = new Map(after.likes.map((like) => [like.trackId, like.addedAt]));
  for (const { trackId, addedAt } of before.likes)
    compare(`spotify:track:${trackId}`, null, 'date_added', addedAt, likes.get(trackId));
  const albums = new Map(after.albums.map((album) => [album.albumId, album.addedAt]));
  for (const { albumId, addedAt } of before.albums)
    compare(`spotify:album:${albumId}`, null, 'date_added', addedAt, albums.get(albumId));
  for (const list of before.playlists) {
    const now = after.playlists.find((one) => one.id === list.id);
    list.items.forEach((item, n) => {
      if (item.uri === null) return;
      compare(item.uri, list.id, 'date_added', item.addedAt, now?.items[n]?.addedAt);
      compare(item.uri, list.id, 'added_by', item.addedBy, now?.items[n]?.addedBy);
    });
  }
  expect(undeclared).toEqual([]);

  // What was never touched keeps its place among its like; what came back says that it may not.
  const touched = new Set(actions.filter((action) => action.item_type === 'liked_track').map((action) => action.uri));
  const untouched = (library: SandboxLibrary) =>
    library.likes.map((like) => like.trackId).filter((id) => !touched.has(`spotify:track:${id}`));
  expect(untouched(after)).toEqual(untouched(before));
  const moved = before.likes.some((like, n) => after.likes[n]?.trackId !== like.trackId);
  if (moved) expect(actions.some((action) => action.losses.includes('position'))).toBe(true);
}
