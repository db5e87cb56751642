import { type ComparedOffense, duplicateOf, titlesAgree } from '../../../domain/offense-duplicates';
import type { OffenseStatus } from '../../../domain/offenses';

const one: ComparedOffense = {
  title: 'Convicted of fraud over concert tickets',
  occurredFrom: '2019-03-01',
  occurredUntil: '2019-05-31',
  addresses: ['https://news.example.test/the-invented-few'],
};
const other = {
  title: 'Something else',
  occurredFrom: '2021-01-01',
  occurredUntil: null,
  addresses: ['https://a.test/x'],
};

describe('an entry says what another one says', () => {
  const cases: [why: string, change: Partial<ComparedOffense & { status: OffenseStatus }>, string | null][] = [
    ['not where nothing is the same', {}, null],
    ['by a source', { addresses: ['https://a.test/y', ...one.addresses] }, 'same_source'],
    [
      'by a source that is spelt otherwise',
      { addresses: ['https://www.news.example.test/the-invented-few/?utm_source=x#a'] },
      'same_source',
    ],
    [
      'by an archived copy of a source',
      { addresses: ['https://web.archive.org/web/20200101000000/http://news.example.test/the-invented-few'] },
      'same_source',
    ],
    ['by a day within', { occurredFrom: '2019-05-31' }, 'same_time'],
    [
      'by a time that begins before and ends within',
      { occurredFrom: '2018-01-01', occurredUntil: '2019-03-01' },
      'same_time',
    ],
    ['not by the day after', { occurredFrom: '2019-06-01' }, null],
    ['not by the day before', { occurredFrom: '2019-02-28' }, null],
    ['not by a time that nobody said', { occurredFrom: null }, null],
    [
      'by its title, where one does not say when',
      { occurredFrom: null, title: 'convicted of Fraud over concert-tickets!' },
      'same_title',
    ],
    ['not by its title at another time', { title: one.title }, null],
    ['although it is contested', { addresses: one.addresses, status: 'contested' }, 'same_source'],
    ['although it waits', { addresses: one.addresses, status: 'pending' }, 'same_source'],
    [
      'and was rejected, with no other source',
      { addresses: ['https://b.test/', ...one.addresses], status: 'rejected' },
      'same_source',
    ],
    [
      'not where it was rejected for other sources',
      { occurredFrom: one.occurredFrom, title: one.title, status: 'rejected' },
      null,
    ],
  ];
  it.each(cases)('%s', (_why, change, expected) => {
    expect(duplicateOf(one, { status: 'sources_verified', ...other, ...change })).toBe(expected);
  });

  it('not where it was rejected and this one has another source beside', () => {
    const fresh = { ...one, addresses: [...one.addresses, 'https://court.example.test/2019'] };
    expect(duplicateOf(fresh, { ...one, status: 'rejected' })).toBeNull();
  });
});

describe('titles agree', () => {
  it.each([
    ['Convicted of assault', 'convicted of ASSAULT', true],
    ['Convicted of assault in Vienna', 'Convicted of an assault in Vienna', true],
    ['Verurteilt wegen Körperverletzung', 'Verurteilt wegen Korperverletzung', true],
    ['Convicted of assault in 2019', 'Convicted of assault in 2021', false],
    ['Convicted of assault', 'Acquitted of fraud', false],
    ['有罪判決', '有罪判決。', true],
    ['有罪判決', '無罪判決', false],
    ['!', '?', true],
  ])('%s and %s: %p', (left, right, expected) => {
    expect(titlesAgree(left, right)).toBe(expected);
    expect(titlesAgree(right, left)).toBe(expected);
  });
});
