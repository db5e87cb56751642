import {
  alignWithLive,
  buryUris,
  decodeSequence,
  encodeSequence,
  insertionsBetween,
  liveView,
  reviveActions,
  sequenceFromLive,
  surplusCopies,
  type PlaylistSequence,
} from '../../../domain/playlist-sequence';
import fc from 'fast-check';

/** A word is a playlist: each letter a track, `_` an unavailable item. */
const items = (word: string) =>
  [...word].map((letter) => ({ uri: letter === '_' ? null : letter, addedAt: null, addedBy: null }));
const buried = (word: string, ...letters: string[]) =>
  buryUris(sequenceFromLive(items(word)), new Map(letters.map((letter) => [letter, `out-${letter}`])));
const shown = (sequence: PlaylistSequence) =>
  sequence.map(({ uri, ghostOf }) => (ghostOf === null ? (uri ?? '_') : `(${uri})`)).join('');
const word = (sequence: PlaylistSequence) =>
  liveView(sequence)
    .map(({ uri }) => uri ?? '_')
    .join('');
const undo = (sequence: PlaylistSequence, ...letters: string[]) =>
  reviveActions(sequence, new Set(letters.map((letter) => `out-${letter}`)));

describe('a playlist as a sequence with tombstones', () => {
  test('a removed track keeps all its places, beside an unavailable item', () => {
    const sequence = buried('ax_xbx', 'x');
    expect(shown(sequence)).toBe('a(x)_(x)b(x)');
    expect(word(sequence)).toBe('a_b');
    expect(undo(sequence, 'x').revived.map(({ index }) => index)).toEqual([1, 3, 5]);
  });

  test.each([
    ['an insertion between two live neighbours with a ghost between them', 'axb', 'anb', 'an(x)b', true],
    ['an insertion before everything', 'xa', 'na', 'n(x)a', true],
    ['an appended track goes behind the last ghost', 'ax', 'an', 'a(x)n', false],
    ['an insertion away from the ghost', 'abx', 'nab', 'nab(x)', false],
    ['neighbours removed by the person', 'axb', '', '(x)', false],
    ['neighbours swapped around the ghost', 'axb', 'ba', undefined, undefined],
    ['the track itself put back in its place', 'axb', 'axb', 'ax(x)b', false],
  ])('%s', (_story, before, now, expected, approximate) => {
    const { sequence } = alignWithLive(buried(before, 'x'), items(now));
    expect(word(sequence)).toBe(now);
    if (expected !== undefined) expect(shown(sequence)).toBe(expected);
    if (approximate !== undefined) {
      expect(sequence.some((entry) => entry.approximate)).toBe(approximate);
      expect(undo(sequence, 'x').revived.some((each) => each.approximate)).toBe(approximate);
    }
  });

  test('of three copies taken out, the one the person put back counts as one', () => {
    const { sequence } = alignWithLive(buried('xaxbx', 'x'), items('abx'));
    const { sequence: after, revived, alreadyBack } = undo(sequence, 'x');
    expect(word(after)).toBe('xaxbx');
    expect(revived).toHaveLength(2);
    expect(alreadyBack).toEqual([{ actionId: 'out-x', uri: 'x' }]);
  });

  test('the copy put back stays where the person put it', () => {
    const { sequence } = alignWithLive(buried('abxc', 'x'), items('xabc'));
    expect(word(undo(sequence, 'x').sequence)).toBe('xabc');
  });

  test('a copy put back and removed again by a second run makes no second copy, in either order of undoing', () => {
    const readded = alignWithLive(buried('axb', 'x'), items('abx')).sequence;
    const twice = buryUris(readded, new Map([['x', 'out-again']]));
    const first = undo(undo(twice, 'x').sequence, 'again');
    expect(word(first.sequence)).toBe('axb');
    expect(first.alreadyBack).toEqual([{ actionId: 'out-again', uri: 'x' }]);
    const second = undo(undo(twice, 'again').sequence, 'x');
    expect(word(second.sequence)).toBe('abx');
    expect(word(undo(twice, 'x', 'again').sequence)).toBe('axb');
  });

  test('a copy put back, removed by a second run and put back once more is still one copy', () => {
    const readded = alignWithLive(buried('xaxb', 'x'), items('abx')).sequence;
    const again = alignWithLive(buryUris(readded, new Map([['x', 'out-again']])), items('abx')).sequence;
    const first = undo(again, 'again');
    expect(word(first.sequence)).toBe('abx');
    expect(first.alreadyBack).toEqual([{ actionId: 'out-again', uri: 'x' }]);
    expect(word(undo(first.sequence, 'x').sequence)).toBe('xabx');
    expect(word(undo(again, 'x', 'again').sequence)).toBe('xabx');
  });

  test("more copies than were taken out are the person's own, also when they move", () => {
    const added = alignWithLive(buried('axb', 'x'), items('axbx')).sequence;
    expect(word(undo(added, 'x').sequence)).toBe('axbx');
    const onlyOwn = alignWithLive(added, items('abx')).sequence;
    const moved = alignWithLive(onlyOwn, items('xab')).sequence;
    expect(word(undo(moved, 'x').sequence)).toBe('xaxb');
  });

  test('of two copies, the one with the remembered date is the one that stayed', () => {
    const before = [
      { uri: 'x', addedAt: '2020-01-01T00:00:00Z', addedBy: null },
      { uri: 'g', addedAt: null, addedBy: null },
      { uri: 'x', addedAt: '2021-01-01T00:00:00Z', addedBy: null },
    ];
    const sequence = buryUris(sequenceFromLive(before), new Map([['g', 'out-g']]));
    expect(shown(alignWithLive(sequence, before.slice(2)).sequence)).toBe('(g)x');
    expect(shown(alignWithLive(sequence, before.slice(0, 1)).sequence)).toBe('x(g)');
  });

  test('alignment counts what came and went', () => {
    expect(alignWithLive(buried('axbc', 'x'), items('anb'))).toMatchObject({ inserted: 1, removed: 1 });
  });

  test('ten thousand items with ghosts throughout align with a few edits', () => {
    const live = Array.from({ length: 10_000 }, (_, n) => ({ uri: `t${n % 9_000}`, addedAt: null, addedBy: null }));
    const holders = new Map(Array.from({ length: 1_000 }, (_, n) => [`t${n * 7}`, 'out-many'] as const));
    const sequence = buryUris(sequenceFromLive(live), holders);
    const now = liveView(sequence);
    now.splice(5_000, 3, { uri: 'new', addedAt: null, addedBy: null });
    const aligned = alignWithLive(sequence, now);
    expect(aligned).toMatchObject({ inserted: 1, removed: 3 });
    expect(undo(aligned.sequence, 'many').sequence).toHaveLength(9_998);
  });
});

describe('getting from the live playlist to the target', () => {
  test.each([
    ['ab', 'axb', 100, [{ position: 1, uris: ['x'] }]],
    [
      '',
      'xyz',
      2,
      [
        { position: 0, uris: ['x', 'y'] },
        { position: 2, uris: ['z'] },
      ],
    ],
    [
      'a_',
      'xa_y',
      100,
      [
        { position: 0, uris: ['x'] },
        { position: 3, uris: ['y'] },
      ],
    ],
    ['ab', 'ab', 100, []],
  ])('from %j to %j', (live, target, limit, expected) => {
    expect(insertionsBetween(items(live), items(target), limit)).toEqual(expected);
  });

  test('what insertions alone cannot reach is refused', () => {
    expect(() => insertionsBetween(items('ba'), items('ab'))).toThrow('not a subsequence');
    expect(() => insertionsBetween(items('a'), items('a_'))).toThrow('without a URI');
  });

  test('surplus copies are counted by track, missing ones are not', () => {
    expect(surplusCopies(items('xxxay_'), items('xaab'))).toEqual(
      new Map([
        ['x', 2],
        ['y', 1],
      ]),
    );
  });
});

describe('a sequence as text', () => {
  const cell = fc.option(fc.string());
  const entry = fc.record(
    {
      uri: fc.string(),
      addedAt: cell,
      addedBy: cell,
      ghostOf: cell,
      approximate: fc.constant(true as const),
      standIn: fc.constant(true as const),
    },
    { requiredKeys: ['uri', 'addedAt', 'addedBy', 'ghostOf'] },
  );

  test('comes back as it was', () => {
    fc.assert(
      fc.property(fc.array(entry), (sequence) => expect(decodeSequence(encodeSequence(sequence))).toEqual(sequence)),
      { numRuns: 1000 },
    );
    const unavailable = sequenceFromLive(items('_a_'));
    expect(decodeSequence(encodeSequence(unavailable))).toEqual(unavailable);
    expect(encodeSequence(unavailable)).toBe('[1,[],["a"],[]]');
  });

  test.each([
    '',
    '{}',
    '[]',
    '[2]',
    '[1,"a"]',
    '[1,[7]]',
    '[1,["a",null,null,null,4]]',
    '[1,["a",null,null,null,0,0]]',
    '[1,[null,null,null,"x"]]',
  ])('nonsense is refused: %s', (text) => expect(() => decodeSequence(text)).toThrow(Error));
});
