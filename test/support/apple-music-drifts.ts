import type { SandboxAppleLibrary } from './sandbox-admin';

/** Under which key the sandbox keeps a rating of what a URI names. */
export const keyOf = (uri: string) =>
  uri.replace(
    /^apple-music:(song|album):(.*)$/,
    (_, kind, id) => `${/^[il]\./.test(id) ? 'library-' : ''}${kind}s/${id}`,
  );

type Rating = 1 | -1 | undefined;
/** A rating of the person's, or what they do to the thing itself. */
export type Edit = { rate: Rating } | 'take out of the library' | 'rename' | 'delete';

/** What the person does to one item of a plan, and what the run and its rollback make of that. */
export interface Drift {
  name: string;
  of: 'song' | 'upload' | 'album' | 'playlist';
  own?: Rating;
  beforeRun?: Edit;
  beforeRollback?: Edit;
  run: string;
  /** Null where the run left nothing to undo. */
  rollback: string | null;
  left?: Rating;
}

export const drifts: Drift[] = [
  { name: 'nothing', of: 'song', run: 'disliked', rollback: 'restored' },
  { name: 'loved before', of: 'song', own: 1, run: 'disliked', rollback: 'restored', left: 1 },
  { name: 'disliked before', of: 'song', own: -1, run: 'already_disliked', rollback: null, left: -1 },
  { name: 'loved before the run', of: 'song', beforeRun: { rate: 1 }, run: 'disliked', rollback: 'restored', left: 1 },
  {
    name: 'disliked before the run',
    of: 'song',
    beforeRun: { rate: -1 },
    run: 'already_disliked',
    rollback: null,
    left: -1,
  },
  {
    name: 'love ended before the run',
    of: 'song',
    own: 1,
    beforeRun: { rate: undefined },
    run: 'disliked',
    rollback: 'restored',
  },
  {
    name: 'gone before the run',
    of: 'song',
    beforeRun: 'take out of the library',
    run: 'disliked',
    rollback: 'restored',
  },
  {
    name: 'loved before the rollback',
    of: 'song',
    beforeRollback: { rate: 1 },
    run: 'disliked',
    rollback: 'changed_since',
    left: 1,
  },
  {
    name: 'dislike ended before the rollback',
    of: 'song',
    beforeRollback: { rate: undefined },
    run: 'disliked',
    rollback: 'already_present',
  },
  {
    name: 'dislike of a loved one ended',
    of: 'song',
    own: 1,
    beforeRollback: { rate: undefined },
    run: 'disliked',
    rollback: 'changed_since',
  },
  {
    name: 'loved one loved again',
    of: 'song',
    own: 1,
    beforeRollback: { rate: 1 },
    run: 'disliked',
    rollback: 'already_present',
    left: 1,
  },
  {
    name: 'gone before the rollback',
    of: 'song',
    own: 1,
    beforeRollback: 'take out of the library',
    run: 'disliked',
    rollback: 'restored',
    left: 1,
  },
  { name: 'upload', of: 'upload', run: 'disliked', rollback: 'restored' },
  {
    name: 'upload gone before the run',
    of: 'upload',
    beforeRun: 'take out of the library',
    run: 'already_absent',
    rollback: null,
  },
  {
    name: 'upload gone before the rollback',
    of: 'upload',
    beforeRollback: 'take out of the library',
    run: 'disliked',
    rollback: 'already_present',
  },
  {
    name: 'album loved before the run',
    of: 'album',
    beforeRun: { rate: 1 },
    run: 'disliked',
    rollback: 'restored',
    left: 1,
  },
  {
    name: 'album loved before the rollback',
    of: 'album',
    beforeRollback: { rate: 1 },
    run: 'disliked',
    rollback: 'changed_since',
    left: 1,
  },
  {
    name: 'album gone before the rollback',
    of: 'album',
    beforeRollback: 'take out of the library',
    run: 'disliked',
    rollback: 'restored',
  },
  { name: 'playlist renamed before the run', of: 'playlist', beforeRun: 'rename', run: 'copied', rollback: null },
  {
    name: 'playlist deleted before the run',
    of: 'playlist',
    beforeRun: 'delete',
    run: 'playlist_gone',
    rollback: null,
  },
  {
    name: 'playlist deleted before the rollback',
    of: 'playlist',
    beforeRollback: 'delete',
    run: 'copied',
    rollback: null,
  },
];

/** The library after its person has changed it at some items. */
export function edited(
  library: SandboxAppleLibrary,
  edits: { uri: string; edit: Edit | undefined }[],
): SandboxAppleLibrary {
  const next = structuredClone(library);
  for (const { uri, edit } of edits) {
    const id = uri.split(':').at(-1) ?? '';
    if (edit === undefined) continue;
    if (edit === 'delete') next.playlists = next.playlists.filter((playlist) => playlist.id !== id);
    else if (edit === 'rename')
      next.playlists = next.playlists.map((list) => (list.id === id ? { ...list, name: 'Another name' } : list));
    else if (edit === 'take out of the library') {
      const others = <T extends { id: string; catalogId: string | null }>(list: T[]) =>
        list.filter((item) => item.id !== id && item.catalogId !== id);
      next.songs = others(next.songs);
      next.albums = others(next.albums);
      next.playlists = next.playlists.map((list) => ({ ...list, items: others(list.items) }));
      // What is no library's any more has no rating either, where only the library knew it.
      next.ratings = next.ratings.filter((rating) => rating.id !== id || !rating.type.startsWith('library-'));
    } else {
      const [type = '', rated = ''] = keyOf(uri).split('/');
      next.ratings = next.ratings.filter((rating) => rating.type !== type || rating.id !== rated);
      if (edit.rate !== undefined) next.ratings.push({ type, id: rated, value: edit.rate });
    }
  }
  return next;
}
