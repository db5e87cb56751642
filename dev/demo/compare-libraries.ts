import { comparePlaylist } from './compare-playlists';
import type { DeclaredLosses } from './losses';
import type { SandboxLibrary, SandboxPlaylist } from './sandbox';

/** One way in which an item is not as it was. Places count from 1. */
export interface Difference {
  uri: string | null;
  what: 'missing' | 'added' | 'order' | 'date_added' | 'added_by' | 'position' | 'description';
  place?: number;
  /** Whether it was said before that undoing loses this. */
  declared: boolean;
}

export interface PartComparison {
  kind: 'likes' | 'albums' | 'follows' | 'playlist';
  /** A playlist's id. */
  id?: string;
  title: string;
  before: number;
  after: number;
  differences: Difference[];
}

/**
 * Compares two libraries item by item: likes, albums and follows as sets with their dates, likes also in their order,
 * each playlist place by place.
 */
export function compareLibraries(
  before: SandboxLibrary,
  after: SandboxLibrary,
  declared: DeclaredLosses,
): PartComparison[] {
  const follows = (library: SandboxLibrary) =>
    library.follows.map((id) => ({ uri: `spotify:artist:${id}`, addedAt: '' }));
  const albums = (library: SandboxLibrary) =>
    library.albums.map(({ albumId, addedAt }) => ({ uri: `spotify:album:${albumId}`, addedAt }));
  const likedBefore = likesOf(before);
  const likedAfter = likesOf(after);
  const lossesOf = (itemType: string) => (uri: string) => declared(itemType, uri);
  return [
    {
      kind: 'likes',
      title: 'Liked songs',
      before: likedBefore.length,
      after: likedAfter.length,
      differences: [
        ...compareSets(likedBefore, likedAfter, lossesOf('liked_track')),
        ...compareOrder(likedBefore, likedAfter, lossesOf('liked_track')),
      ],
    },
    {
      kind: 'albums',
      title: 'Saved albums',
      before: before.albums.length,
      after: after.albums.length,
      differences: compareSets(albums(before), albums(after), lossesOf('saved_album')),
    },
    {
      kind: 'follows',
      title: 'Followed artists',
      before: before.follows.length,
      after: after.follows.length,
      differences: compareSets(follows(before), follows(after), lossesOf('followed_artist')),
    },
    ...comparePlaylists(before.playlists, after.playlists, declared),
  ];
}

/** Whether everything is as it was, but for what was declared as lost. */
export function cameBack(parts: readonly PartComparison[]): boolean {
  return parts.every(({ differences }) => differences.every(({ declared }) => declared));
}

interface Saved {
  uri: string;
  addedAt: string;
}

const likesOf = (library: SandboxLibrary): Saved[] =>
  library.likes.map(({ trackId, addedAt }) => ({ uri: `spotify:track:${trackId}`, addedAt }));

function compareSets(
  before: readonly Saved[],
  after: readonly Saved[],
  lossesOf: (uri: string) => ReadonlySet<string>,
): Difference[] {
  const now = new Map(after.map(({ uri, addedAt }) => [uri, addedAt]));
  const then = new Set(before.map(({ uri }) => uri));
  return [
    ...before.flatMap(({ uri, addedAt }): Difference[] => {
      const date = now.get(uri);
      if (date === undefined) return [{ uri, what: 'missing', declared: lossesOf(uri).has('not_restorable') }];
      return date === addedAt ? [] : [{ uri, what: 'date_added', declared: lossesOf(uri).has('date_added') }];
    }),
    ...after
      .filter(({ uri }) => !then.has(uri))
      .map(({ uri }): Difference => ({ uri, what: 'added', declared: false })),
  ];
}

/** Those whose position is declared as lost may be anywhere; the others must follow one another as before. */
function compareOrder(
  before: readonly Saved[],
  after: readonly Saved[],
  lossesOf: (uri: string) => ReadonlySet<string>,
): Difference[] {
  const placeAfter = new Map(after.map(({ uri }, place) => [uri, place]));
  const placeBefore = new Map(before.map(({ uri }, place) => [uri, place]));
  const isSteady = ({ uri }: Saved) => !lossesOf(uri).has('position');
  const steadyBefore = before.filter((like) => isSteady(like) && placeAfter.has(like.uri));
  const steadyAfter = after.filter((like) => isSteady(like) && placeBefore.has(like.uri));
  return [
    ...steadyBefore
      .filter(({ uri }, place) => steadyAfter[place]?.uri !== uri)
      .map(({ uri }): Difference => ({ uri, what: 'order', declared: false })),
    ...before
      .filter(
        (like) => !isSteady(like) && placeAfter.has(like.uri) && placeAfter.get(like.uri) !== placeBefore.get(like.uri),
      )
      .map(({ uri }): Difference => ({ uri, what: 'position', declared: true })),
  ];
}

function comparePlaylists(
  before: readonly SandboxPlaylist[],
  after: readonly SandboxPlaylist[],
  declared: DeclaredLosses,
): PartComparison[] {
  const now = new Map(after.map((playlist) => [playlist.id, playlist]));
  const then = new Set(before.map(({ id }) => id));
  const part = (
    one: SandboxPlaylist,
    lengths: { before: number; after: number },
    differences: Difference[],
  ): PartComparison => ({
    kind: 'playlist',
    id: one.id,
    title: `Playlist "${one.name}"`,
    ...lengths,
    differences,
  });
  const whole = (id: string, what: 'missing' | 'added'): Difference[] => [
    { uri: `spotify:playlist:${id}`, what, declared: false },
  ];
  return [
    ...before.map((playlist) => {
      const other = now.get(playlist.id);
      const lengths = { before: playlist.items.length, after: other?.items.length ?? 0 };
      return part(
        playlist,
        lengths,
        other ? comparePlaylist(playlist, other, declared) : whole(playlist.id, 'missing'),
      );
    }),
    ...after
      .filter(({ id }) => !then.has(id))
      .map((playlist) => part(playlist, { before: 0, after: playlist.items.length }, whole(playlist.id, 'added'))),
  ];
}
