import { readOptions, UsageError } from '../../../dev/demo/options';

test('without flags nothing goes wrong on purpose', () => {
  expect(readOptions([])).toEqual({ mishaps: [], curl: false, help: false });
});

test('flags can be combined, each once', () => {
  expect(readOptions(['--rate-limit', '--curl', '--kill-worker', '--rate-limit'])).toEqual({
    mishaps: ['rate-limit', 'kill-worker'],
    curl: true,
    help: false,
  });
});

test.each(['--rate', 'rate-limit', '--curl=1', ''])('the word "%s" is refused by name', (word) => {
  expect(() => readOptions(['--curl', word])).toThrow(UsageError);
  expect(() => readOptions(['--curl', word])).toThrow(`"${word}"`);
});
