import type { Action, Job } from '../../../dev/demo/contract';
import type { SandboxLibrary, SandboxPlaylist } from '../../../dev/demo/sandbox';

const date = (n: number) => new Date(Date.UTC(2020, 0, 1, 0, 0, n)).toISOString();

/** A playlist of the listener's with the tracks named; `null` is an unavailable item. */
export function playlistOf(id: string, tracks: (string | null)[], firstDate = 0): SandboxPlaylist {
  const items = tracks.map((track, n) => ({
    uri: track === null ? null : `spotify:track:${track}`,
    addedAt: date(firstDate + n),
    addedBy: 'listener',
  }));
  return { id, name: id, ownerId: 'listener', collaborative: false, items };
}

/** A library with these likes, newest first. */
export function libraryOf(likes: string[], playlists: SandboxPlaylist[] = []): SandboxLibrary {
  return {
    likes: likes.map((trackId, n) => ({ trackId, addedAt: date(1_000 - n) })),
    albums: [{ albumId: 'album', addedAt: date(1) }],
    follows: ['artist'],
    playlists,
  };
}

export function actionOn(itemType: string, uri: string, losses: string[], playlistId?: string): Action {
  const playlist = playlistId === undefined ? {} : { playlist: { id: playlistId, name: playlistId } };
  return {
    itemType,
    uri,
    losses,
    ...playlist,
    status: 'applied',
    outcomeCode: 'removed',
    approximate: false,
    name: uri,
  };
}

export function jobWith(changes: Partial<Job>): Job {
  return {
    id: 'job',
    type: 'enforce',
    status: 'running',
    phase: 'removing',
    progress: { done: 0, total: 100 },
    percent: 0,
    etaSeconds: null,
    waiting: null,
    failure: null,
    ...changes,
  };
}
