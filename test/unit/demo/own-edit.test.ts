import { cameBack, compareLibraries } from '../../../dev/demo/compare-libraries';
import { declaredLosses } from '../../../dev/demo/losses';
import { findOwnEdit, withOwnEdit } from '../../../dev/demo/mishaps/own-edit';
import { libraryOf, playlistOf } from './support';

const letters = 'a b c GONE d e f g h i j k GONE l m'.split(' ');
const before = libraryOf(['x', 'a'], [playlistOf('p', letters)]);
const afterRun = libraryOf(
  ['x', 'a'],
  [
    {
      ...playlistOf('p', []),
      items: playlistOf('p', letters).items.filter(({ uri }) => uri !== 'spotify:track:GONE'),
    },
  ],
);

test('the edit keeps away from gaps, so that there is one right answer', () => {
  const edit = findOwnEdit(before, afterRun, 'listener')!;
  expect(edit.insert).toBe('spotify:track:x');
  const places = letters.flatMap((letter, n) => (letter === 'GONE' ? [n] : []));
  for (const { uri } of [edit.after, edit.remove]) {
    const at = letters.indexOf(uri.replace('spotify:track:', ''));
    expect(places.every((gap) => Math.abs(gap - at) > 1)).toBe(true);
  }
  expect(edit.remove.place).toBeGreaterThan(edit.after.place);
});

test('what must come back is the playlist as it was with the edit on top', () => {
  const edit = findOwnEdit(before, afterRun, 'listener')!;
  const added = { uri: edit.insert, addedAt: '2026-01-01T00:00:00Z', addedBy: 'listener' };
  const edited = structuredClone(afterRun);
  const items = edited.playlists[0]!.items;
  items.splice(edit.remove.place, 1);
  items.splice(edit.after.place + 1, 0, added);
  const expected = withOwnEdit(before, edited, edit);
  const names = expected.playlists[0]!.items.map(({ uri }) => uri?.replace('spotify:track:', ''));
  expect(names.filter((name) => name === 'GONE')).toHaveLength(2);
  expect(names[names.indexOf('x') - 1]).toBe(edit.after.uri.replace('spotify:track:', ''));
  expect(names).not.toContain(edit.remove.uri.replace('spotify:track:', ''));
  expect(cameBack(compareLibraries(expected, before, declaredLosses([])))).toBe(false);
  expect(cameBack(compareLibraries(expected, structuredClone(expected), declaredLosses([])))).toBe(true);
});

test('playlists of others, collaborative ones and untouched ones are not edited', () => {
  const foreign = { ...before.playlists[0]!, ownerId: 'somebody' };
  expect(findOwnEdit({ ...before, playlists: [foreign] }, afterRun, 'listener')).toBeNull();
  const shared = { ...before.playlists[0]!, collaborative: true };
  expect(findOwnEdit({ ...before, playlists: [shared] }, afterRun, 'listener')).toBeNull();
  expect(findOwnEdit(before, before, 'listener')).toBeNull();
});
