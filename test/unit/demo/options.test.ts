import { readOptions, UsageError } from '../../../dev/demo/options';

test('without flags nothing goes wrong on purpose', () => {
  expect(readOptions([])).toEqual({ mishaps: [], appeal: false, curl: false, help: false });
});

test('flags can be combined, each once', () => {
  expect(readOptions(['--rate-limit', '--curl', '--kill-worker', '--rate-limit'])).toEqual({
    mishaps: ['rate-limit', 'kill-worker'],
    appeal: false,
    curl: true,
    help: false,
  });
});

test.each(['--rate', 'rate-limit', '--curl=1', ''])('the word "%s" is refused by name', (word) => {
  expect(() => readOptions(['--curl', word])).toThrow(UsageError);
  expect(() => readOptions(['--curl', word])).toThrow(`"${word}"`);
});

test('the story of an appeal is told on its own', () => {
  expect(readOptions(['--appeal', '--curl'])).toMatchObject({ appeal: true, curl: true, mishaps: [] });
  for (const words of [
    ['--appeal', '--rate-limit'],
    ['--rate-limit', '--appeal'],
  ])
    expect(() => readOptions(words)).toThrow('"--rate-limit" does not go with "--appeal"');
});
