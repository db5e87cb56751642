import { cluster } from '../../../../domain/linkage/clusters';
import { likeness } from '../../../../domain/linkage/likeness';
import { type RecordingFacts, recordingOf } from '../../../../domain/linkage/recording';
import { matchRecordings } from '../../../../domain/linkage/recordings';
import { bandOf, scoreOf } from '../../../../domain/linkage/score';

const recording = (facts: Partial<RecordingFacts> = {}) =>
  recordingOf({
    title: 'Wreck on the Highway',
    artist: 'Sinkhole',
    album: 'Groping for Trout',
    seconds: 109,
    number: '10',
    year: 1993,
    language: 'eng',
    ...facts,
  });

describe('likeness', () => {
  test.each([
    ['street hype', 'street hype', 1, 1],
    ['street hype', 'sttreet hype', 0.9, 0.999],
    ['lukic cernyi', 'cernyi lukic', 1, 1],
    ['tuning', 'tuning live in vancouver', 0.9, 0.99],
    ['tuning', 'implantation', 0, 0.7],
    ['', '', 0, 0],
    ['', 'tuning', 0, 0],
  ])('of "%s" and "%s"', (one, other, least, most) => {
    expect(likeness(one, other)).toBeGreaterThanOrEqual(least);
    expect(likeness(one, other)).toBeLessThanOrEqual(most);
    expect(likeness(other, one)).toBe(likeness(one, other));
  });
});

describe('two recordings', () => {
  const band = (facts: Partial<RecordingFacts>) => matchRecordings(recording(), recording(facts)).band;

  test('are one where they are told with a slip of the pen or without an album', () => {
    expect(band({})).toBe('accept');
    expect(band({ title: 'Wrekc on the Highway', seconds: 109.466 })).toBe('accept');
    expect(band({ album: '', language: '' })).toBe('accept');
  });

  test('are two where the title is another, or the same song is played by somebody else', () => {
    expect(band({ title: 'Monster Man', seconds: 189, number: '6' })).toBe('new');
    expect(band({ artist: 'Bruce Springsteen', album: 'The River', seconds: 234, number: '11', year: 1980 })).toBe(
      'new',
    );
  });

  test('are not one unasked where an album has several tracks of one title', () => {
    expect(band({ number: '11', seconds: 137 })).not.toBe('accept');
  });

  test('are compared with the reasons told, which add up to the score', () => {
    const { evidence, score } = matchRecordings(recording(), recording({ year: 1971 }));
    expect(evidence.find(({ subject }) => subject === 'year')?.odds).toBeLessThan(0);
    expect(evidence.find(({ subject }) => subject === 'title')?.odds).toBeGreaterThan(0);
    expect(score).toBeGreaterThan(0);
    expect(score).toBeLessThan(1);
  });
});

describe('groups', () => {
  const pairs = [
    { one: 0, other: 1, odds: 6 },
    { one: 1, other: 2, odds: 2 },
    { one: 2, other: 3, odds: -1 },
  ];

  test('are joined down to the threshold', () => {
    expect(cluster(4, pairs, 0, null)).toEqual([0, 0, 0, 3]);
    expect(cluster(4, pairs, 5, null)).toEqual([0, 0, 2, 3]);
  });

  test('hold one of each source where sources hold each thing once, and the surest pair wins', () => {
    expect(cluster(4, pairs, 0, (item) => (item === 1 ? 'b' : 'a'))).toEqual([0, 0, 2, 3]);
  });
});

test('even odds begin the review, the accepting odds end it', () => {
  expect([-0.1, 0, 4.9, 5.1].map((odds) => bandOf(scoreOf(odds, 5)))).toEqual(['new', 'review', 'review', 'accept']);
  expect(scoreOf(0, 5)).toBeCloseTo(0.7);
  expect(scoreOf(5, 5)).toBeCloseTo(0.85);
});
