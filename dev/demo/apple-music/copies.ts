import type { PlanItem } from '../contract';
import { DemoFailure } from '../demo-failure';
import type { SandboxAppleLibrary } from '../sandbox';
import type { AppleMusicAct } from './act';

type Playlist = SandboxAppleLibrary['playlists'][number];

const newIn = (before: SandboxAppleLibrary, after: SandboxAppleLibrary): Playlist[] =>
  after.playlists.filter(({ id }) => !before.playlists.some((playlist) => playlist.id === id));

/**
 * The copy that a run made, in words.
 *
 * @throws DemoFailure where there is not one, or it holds something else than the original without what was to be left out
 */
export function copyMade(
  before: SandboxAppleLibrary,
  after: SandboxAppleLibrary,
  { copied, items }: { copied: PlanItem; items: readonly PlanItem[] },
): string {
  const [copy, ...more] = newIn(before, after);
  const source = before.playlists.find(({ id }) => id === copied.playlist?.id);
  if (!copy || !source || more.length > 0) throw new DemoFailure('The run did not make one copy of the playlist.');
  const manual = items.filter(({ itemType, playlist }) => itemType === 'manual' && playlist?.id === source.id);
  const leftOut = new Set(manual.filter(({ needsReview }) => !needsReview).map(({ uri }) => uri));
  const kept = source.items.filter((item) => ![item.catalogId, item.id].some((id) => leftOut.has(uriOf(id))));
  const names = (list: readonly { name: string }[]) => JSON.stringify(list.map(({ name }) => name));
  if (names(copy.items) !== names(kept)) throw new DemoFailure(`The copy "${copy.name}" is not what was asked for.`);
  return `Copy "${copy.name}": ${copy.items.length} of the ${source.items.length} tracks, in their order.`;
}

const uriOf = (id: string | null) => `apple-music:song:${id}`;

/** Deletes what a run has made, as the listener would in the Music app. */
export async function takeCopiesOut({ sandbox, user }: AppleMusicAct, before: SandboxAppleLibrary): Promise<void> {
  for (const { id } of newIn(before, await sandbox.appleLibrary(user))) await sandbox.deleteApplePlaylist(user, id);
}
