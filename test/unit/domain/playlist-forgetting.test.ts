import {
  alignWithLive,
  buryUris,
  forgetGhosts,
  liveView,
  reviveActions,
  sequenceFromLive,
  type PlaylistSequence,
} from '../../../domain/playlist-sequence';

const items = (word: string) => [...word].map((uri) => ({ uri, addedAt: null, addedBy: null }));
const word = (sequence: PlaylistSequence) =>
  liveView(sequence)
    .map(({ uri }) => uri)
    .join('');
const remove = (sequence: PlaylistSequence, uri: string, by: string) => buryUris(sequence, new Map([[uri, by]]));
const undo = (sequence: PlaylistSequence, by: string) => word(reviveActions(sequence, new Set([by])).sequence);

describe('forgetting what a run removed', () => {
  it('leaves the playlist as it is, and what other runs removed in its place', () => {
    const sequence = remove(remove(sequenceFromLive(items('axbyc')), 'x', 'first'), 'y', 'second');
    const left = forgetGhosts(sequence, new Set(['first']));
    expect(word(left)).toBe('abc');
    expect(left).toHaveLength(4);
    expect(undo(left, 'second')).toBe('abyc');
    expect(undo(left, 'first')).toBe('abc');
  });

  it('makes the copy that stood in for it one of its own, which comes back when a later run is undone', () => {
    const again = alignWithLive(remove(sequenceFromLive(items('axb')), 'x', 'first'), items('abx')).sequence;
    const live = forgetGhosts(again, new Set(['first']));
    expect(undo(remove(live, 'x', 'second'), 'second')).toBe('abx');
    const held = forgetGhosts(remove(again, 'x', 'second'), new Set(['first']));
    expect(word(held)).toBe('ab');
    expect(undo(held, 'second')).toBe('abx');
  });

  it('frees no more copies than are forgotten', () => {
    const again = alignWithLive(remove(sequenceFromLive(items('axb')), 'x', 'first'), items('xabx')).sequence;
    const before = again.filter(({ standIn }) => standIn).length;
    const left = forgetGhosts(again, new Set(['first']));
    expect(left.filter(({ standIn }) => standIn)).toHaveLength(before - 1);
    expect(word(left)).toBe('xabx');
  });
});
