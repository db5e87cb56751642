import { isLive, type PlaylistSequence, type SequenceEntry } from './playlist-entries';

/**
 * Drops the ghosts that these actions hold: they can't be undone any more. A copy that stood in for a dropped one is a copy of
 * its own from then on, a live one before one that is held out; otherwise it would not come back when it is removed in its turn.
 */
export function forgetGhosts(sequence: PlaylistSequence, actionIds: ReadonlySet<string>): PlaylistSequence {
  const dropped = new Map<string, number>();
  const left = sequence.filter(({ uri, ghostOf, standIn }) => {
    if (ghostOf === null || !actionIds.has(ghostOf)) return true;
    if (uri !== null && !standIn) dropped.set(uri, (dropped.get(uri) ?? 0) + 1);
    return false;
  });
  const promote = (entry: SequenceEntry): SequenceEntry => {
    const copies = entry.uri === null ? 0 : (dropped.get(entry.uri) ?? 0);
    if (!entry.standIn || entry.uri === null || copies === 0) return entry;
    dropped.set(entry.uri, copies - 1);
    const { standIn: _standIn, ...own } = entry;
    return own;
  };
  return left.map((entry) => (isLive(entry) ? promote(entry) : entry)).map(promote);
}
