import type { SourcedRecording } from '../../../../domain/linkage/sourced-recording';
import { isOutOfQuestion, matchSourced, type RecordingDoubt } from '../../../../domain/linkage/sourced-recordings';

const by = (name: string, artistId: string | null = null) => ({ artistId, name });
const on = (name: string, year: number | null = null) => [{ name, year }];

const recording = (facts: Partial<SourcedRecording> = {}): SourcedRecording => ({
  id: 'a',
  kind: 'track',
  source: 'spotify',
  title: 'Wreck on the Highway',
  performers: [by('Sinkhole', 'sinkhole')],
  albums: on('Groping for Trout', 1993),
  seconds: 109.2,
  isrcs: [],
  addresses: ['spotify:track:a'],
  ...facts,
});
const elsewhere = { source: 'apple-music', addresses: ['apple-music:song:1'] };
const match = (one: Partial<SourcedRecording>, other: Partial<SourcedRecording> = one) =>
  matchSourced(recording(one), recording({ ...elsewhere, ...other }));
const isrcs = ['QZAAA1100001'];

type Row = [what: string, one: Partial<SourcedRecording>, other: Partial<SourcedRecording>, doubts: RecordingDoubt[]];

test.each<Row>([
  ['written alike', {}, {}, []],
  [
    'remastered',
    {},
    { title: 'Wreck on the Highway - 2011 Remaster', albums: on('Groping for Trout (Deluxe)', 2011) },
    [],
  ],
  ['whose guest one source names', { title: 'Wreck on the Highway (feat. Ann)' }, {}, []],
  ['whose artist has another name elsewhere', {}, { performers: [by('シンクホール', 'sinkhole')] }, []],
  ['whose title is in other letters', { title: 'Группа крови' }, { title: 'Gruppa krovi' }, []],
  ['credited by name alone, on the same album', {}, { performers: [by('SINKHOLE')] }, []],
  ['without a length, on the same album', {}, { seconds: null }, []],
  [
    'with an ISRC in common, whatever else is missing',
    { isrcs },
    { isrcs, performers: [], albums: [], seconds: null },
    [],
  ],
  ['with an ISRC in common and another album', { isrcs }, { isrcs, albums: on('Best of', 2010), seconds: 112 }, []],
  ['that an import names by its address', {}, { addresses: ['spotify:track:a'], performers: [], albums: [] }, []],
])('two are one: %s', (_, one, other, doubts) => {
  expect(match(one, other)).toMatchObject({ band: 'accept', doubts });
  expect(matchSourced(recording({ ...elsewhere, ...other }), recording(one)).band).toBe('accept');
});

test.each<Row>([
  ['words', { title: 'Hey Girl' }, { title: 'Hey Boy Hey Girl' }, ['words']],
  ['nothing to tell recordings of a song by', {}, { seconds: null, albums: [] }, ['length_unknown']],
  ['nobody named', {}, { performers: [] }, ['artist']],
  ['other names', {}, { performers: [by('Sinkhole Orchestra')] }, ['artist']],
  ['another ISRC', { isrcs }, { isrcs: ['QZAAA1100002'] }, ['isrc']],
])('is never accepted by what is written: %s', (_, one, other, doubts) => {
  const found = match(one, other);
  expect(found.band).not.toBe('accept');
  expect(found.doubts).toEqual(doubts);
});

test.each<Row>([
  ['parts', { title: 'Wreck, Pt. 1' }, { title: 'Wreck, Pt. 2' }, ['number']],
  ['versions', {}, { title: 'Wreck on the Highway (Live)' }, ['version']],
  ['lengths', {}, { seconds: 121 }, ['length']],
])('is not even asked about by what is written: %s', (_, one, other, doubts) => {
  expect(match(one, other)).toMatchObject({ band: 'new', doubts });
});

test.each<Row>([
  ['parts', { title: 'Wreck, Pt. 1' }, { title: 'Wreck, Pt. 2' }, ['number']],
  ['versions', {}, { title: 'Wreck on the Highway (Instrumental)' }, ['version']],
  ['words', { title: 'Hey Girl' }, { title: 'Hey Boy Hey Girl' }, ['words']],
  ['lengths', {}, { seconds: 131 }, ['length']],
  ['other artists', {}, { performers: [by('Monster Man', 'monster')] }, ['artist']],
])('is asked about where an ISRC is shared in spite of: %s', (_, one, other, doubts) => {
  expect(match({ ...one, isrcs }, { ...other, isrcs })).toMatchObject({ means: 'isrc', band: 'review', doubts });
});

test('artists whom the catalog takes for two sing two recordings, whatever they are called; one on both decides', () => {
  expect(match({}, { performers: [by('Sinkhole', 'a namesake')] }).band).toBe('new');
  expect(match({}, { performers: [by('Ann', 'ann'), by('Sinkhole', 'sinkhole')] }).band).toBe('accept');
  const guests = { performers: [by('Ann', 'ann'), by('Bo', 'bo')] };
  expect(match(guests, { performers: [by('Cy', 'cy'), by('Bo', 'bo')] }).band).toBe('new');
});

test('what need not be compared is what comparing would not link', () => {
  const outOfQuestion = (other: Partial<SourcedRecording>, more: Partial<SourcedRecording> = {}) => {
    const pair = [recording(more), recording({ ...elsewhere, ...other, ...more })] as const;
    if (isOutOfQuestion(...pair)) expect(matchSourced(...pair).band).toBe('new');
    return isOutOfQuestion(...pair);
  };
  const others = [{ seconds: 121 }, { performers: [by('Sinkhole', 'a namesake')] }];
  expect(others.map((other) => outOfQuestion(other))).toEqual([true, true]);
  expect(others.map((other) => outOfQuestion(other, { isrcs }))).toEqual([false, false]);
  const asked = [{}, { seconds: null }, { seconds: 113 }, { performers: [] }, { performers: [by('Sinkhole')] }];
  expect(asked.map((other) => outOfQuestion(other))).toEqual(asked.map(() => false));
});

test('another song of an artist’s is none of it', () => {
  expect(match({}, { title: 'Monster Man', seconds: 189 }).band).toBe('new');
});

test('the evidence is told by subject, and an ISRC is one', () => {
  const { evidence, means } = match({ isrcs });
  expect(means).toBe('isrc');
  const odds = Object.fromEntries(evidence.map(({ subject, odds: told }) => [subject, told]));
  expect(odds.isrc).toBeGreaterThan(0);
  expect(odds.title).toBeGreaterThan(0);
  expect(match({ isrcs }, { isrcs: ['QZAAA1100002'] }).evidence).toContainEqual({ subject: 'isrc', odds: -4 });
});
