import { isTimeZone, minuteOf, nextWeekly, type Weekday } from '../../../domain/weekly-time';

describe('the next moment of a week', () => {
  test.each<[string, Weekday, number, number, string, string, string]>([
    // 2026-11-28 is a Saturday.
    ['later today', 'saturday', 20, 5, 'UTC', '2026-11-28T19:00:00Z', '2026-11-28T20:05:00Z'],
    ['not this very moment', 'saturday', 20, 5, 'UTC', '2026-11-28T20:05:00Z', '2026-12-05T20:05:00Z'],
    ['earlier today: in a week', 'saturday', 3, 0, 'UTC', '2026-11-28T19:00:00Z', '2026-12-05T03:00:00Z'],
    ['over a month’s and a year’s end', 'friday', 3, 0, 'UTC', '2026-12-31T00:00:00Z', '2027-01-01T03:00:00Z'],
    ['winter in Berlin', 'monday', 3, 30, 'Europe/Berlin', '2026-11-28T19:00:00Z', '2026-11-30T02:30:00Z'],
    ['summer in Berlin', 'monday', 3, 30, 'Europe/Berlin', '2026-07-01T00:00:00Z', '2026-07-06T01:30:00Z'],
    ['over a change of the clocks', 'monday', 3, 30, 'Europe/Berlin', '2027-03-27T12:00:00Z', '2027-03-29T01:30:00Z'],
    ['an hour that is left out', 'sunday', 2, 30, 'Europe/Berlin', '2027-03-27T12:00:00Z', '2027-03-28T01:30:00Z'],
    ['an hour that comes twice', 'sunday', 2, 30, 'Europe/Berlin', '2027-10-30T12:00:00Z', '2027-10-31T00:30:00Z'],
    ['it is tomorrow there', 'sunday', 0, 0, 'Pacific/Auckland', '2026-11-28T10:00:00Z', '2026-11-28T11:00:00Z'],
    ['it is yesterday there', 'friday', 23, 0, 'America/Los_Angeles', '2026-11-28T05:00:00Z', '2026-11-28T07:00:00Z'],
    ['half hours', 'monday', 0, 15, 'Asia/Kolkata', '2026-11-28T00:00:00Z', '2026-11-29T18:45:00Z'],
  ])('%s', (_case, weekday, hour, minute, timeZone, after, expected) => {
    const next = nextWeekly({ weekday, hour, minute, timeZone }, new Date(after));
    expect(next.toISOString()).toBe(new Date(expected).toISOString());
  });
});

test.each([
  ['UTC', true],
  ['Europe/Berlin', true],
  ['Mars/Olympus', false],
  ['', false],
])('%p is a time zone: %p', (name, known) => expect(isTimeZone(name)).toBe(known));

test('connections come in all minutes of an hour, each always in the same', () => {
  const ids = Array.from(
    { length: 3_000 },
    (_, n) => `01890000-0000-7000-8000-${(n * 7_919 + 13).toString(16).padStart(12, '0')}`,
  );
  const minutes = ids.map(minuteOf);
  expect(new Set(minutes).size).toBe(60);
  expect(ids.map(minuteOf)).toEqual(minutes);
  expect(Math.min(...minutes)).toBe(0);
});
