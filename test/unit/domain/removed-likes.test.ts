import { holdsOnly, removedLikesDescription, removedLikesName } from '../../../domain/removed-likes';

test('the playlist is called by the day in UTC on which its run began', () => {
  expect(removedLikesName(new Date('2026-11-28T23:59:59.999Z'))).toBe('Removed on 2026-11-28');
  expect(removedLikesName(new Date('2026-11-29T00:30:00+02:00'))).toBe('Removed on 2026-11-28');
});

test('its description names the action, within the 300 characters that Spotify takes', () => {
  const id = '019ab0c4-0000-7000-8000-000000000000';
  expect(removedLikesDescription(id)).toContain(id);
  expect(removedLikesDescription(id).length).toBeLessThanOrEqual(300);
});

test.each([
  ['all of them', ['a', 'b', 'c'], true],
  ['fewer', ['a', 'c'], true],
  ['none', [], true],
  ['another order', ['b', 'a'], false],
  ['one of them twice', ['a', 'a'], false],
  ['something else', ['a', 'x'], false],
  ['a place that shows nothing', ['a', null], false],
])('a playlist that holds %s', (_story, entries, only) => {
  expect(holdsOnly(entries, ['a', 'b', 'c'])).toBe(only);
});
