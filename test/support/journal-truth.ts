import type { SandboxAppleLibrary, SandboxLibrary } from './sandbox-admin';

/** An action as the journal has it when all is over. */
export interface JournalLine {
  run_type: 'enforce' | 'rollback';
  run_status: string;
  item_type: string;
  uri: string;
  playlist_id: string | null;
  status: string;
  outcome_code: string | null;
  /** At Apple Music: what was found, or what was to come back. */
  rating: 1 | -1 | null;
}

/** What the journal says that is not so at the provider. */
export function untruths(lines: readonly JournalLine[], at: (line: JournalLine) => 'in' | 'out' | 'neither'): string[] {
  return lines.flatMap((line) => {
    const { run_type: type, item_type: item, uri, status, outcome_code: code } = line;
    const says = claimOf(line);
    const is = at(line);
    return says === 'nothing' || says === is ? [] : [`${type} ${item} ${uri}: ${status} ${code}, and it is ${is}`];
  });
}

/** Whether a line says that its thing is in the library (its rating as it was), out of it (disliked), or says nothing of that. */
function claimOf({ run_type: type, status, outcome_code: code }: JournalLine): 'in' | 'out' | 'nothing' {
  if (code === 'outcome_unknown' || code === 'changed_since' || code === 'copied') return 'nothing';
  if (type === 'rollback') {
    if (status === 'failed') return 'out';
    return status === 'pending' ? 'nothing' : 'in';
  }
  if (status === 'applied' || status === 'undo_failed') return 'out';
  if (status === 'skipped') return code === 'already_absent' || code === 'playlist_gone' ? 'out' : 'nothing';
  return 'in';
}

export function atSpotify(library: SandboxLibrary): (line: JournalLine) => 'in' | 'out' {
  const saved = new Set([
    ...library.likes.map(({ trackId }) => `spotify:track:${trackId}`),
    ...library.albums.map(({ albumId }) => `spotify:album:${albumId}`),
    ...library.follows.map((id) => `spotify:artist:${id}`),
    ...library.playlists.map(({ id }) => `spotify:playlist:${id}`),
  ]);
  const listed = new Map(library.playlists.map(({ id, items }) => [id, new Set(items.map(({ uri }) => uri))]));
  return ({ uri, playlist_id: id }) => ((id === null ? saved.has(uri) : listed.get(id)?.has(uri)) ? 'in' : 'out');
}

export function atAppleMusic({ ratings }: SandboxAppleLibrary): (line: JournalLine) => 'in' | 'out' | 'neither' {
  const rated = new Map(ratings.map(({ type, id, value }) => [`${type}/${id}`, value]));
  return ({ uri, rating }) => {
    const now = rated.get(ratingKey(uri)) ?? null;
    if (now === rating) return 'in';
    return now === -1 ? 'out' : 'neither';
  };
}

/** Under which key the sandbox keeps a rating of what a URI names. */
export const ratingKey = (uri: string): string =>
  uri.replace(/^apple-music:(song|album):(.*)$/, (_, kind: string, id: string) => `${kind}s/${id}`);
