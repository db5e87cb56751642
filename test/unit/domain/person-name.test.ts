import fc from 'fast-check';
import { cleanName } from '../../../domain/person-name';

test.each([
  ['  Ann \t\n Other ', 'Ann Other'],
  ['A\u202enn', 'Ann'],
  ['A\u0000\u001bnn', 'A nn'],
  ['An\u200bn\ufeff', 'Ann'],
  // A letter and its accent become one character.
  ['Ame\u0301lie', 'Amélie'],
  // Persian is spelled with a joiner that shows nothing.
  ['می\u200cرود', 'می\u200cرود'],
  ['\u200d\u200c', null],
  ['\ud83d', null],
  ['😀', '😀'],
  ['', null],
  [null, null],
])('%j becomes %j', (given, clean) => {
  expect(cleanName(given)).toBe(clean);
});

test('a cleaned name is short, printable and stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const clean = cleanName(text);
      if (clean === null) return;
      expect([...clean].length).toBeLessThanOrEqual(100);
      expect(clean).not.toMatch(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u);
      expect(cleanName(clean)).toBe(clean);
    }),
  );
});
