import fc from 'fast-check';
import { nextCopyStep } from '../../../domain/playlist-copy';

const wanted = [...'abcdefg'];
const state = { wanted, batch: 3 };

test.each([
  ['whole', wanted, 7, { step: 'end', failure: null }],
  ['whole, though less was noted', wanted, 6, { step: 'end', failure: null }],
  ['as far as was sent', [...'abc'], 3, { step: 'append', from: 3, to: 6 }],
  ['before its last few', [...'abcdef'], 6, { step: 'append', from: 6, to: 7 }],
  ['without the call that was on its way', [...'abc'], 6, { step: 'append', from: 3, to: 6 }],
  ['further than anything was sent', [...'abcdef'], 3, { step: 'end', failure: 'changed_since' }],
  ['empty, though its first tracks came with it', [], 3, { step: 'end', failure: 'copy_incomplete' }],
  ['in the middle of a call', [...'abcd'], 6, { step: 'end', failure: 'copy_incomplete' }],
  ['with something of its person’s', [...'abX'], 3, { step: 'end', failure: 'changed_since' }],
  ['with something after its end', [...wanted, 'X'], 7, { step: 'end', failure: 'changed_since' }],
  ['without something that its person took out', [...'ac'], 3, { step: 'end', failure: 'changed_since' }],
] as const)('a copy that is %s', (_how, here, sent, step) => {
  expect(nextCopyStep({ ...state, here, sent })).toEqual(step);
});

test('a copy whose worker dies anywhere, any number of times, ends whole and holds nothing twice', () => {
  const tracks = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 20 });
  const deaths = fc.array(fc.constantFrom('before the call', 'after the call', null), { maxLength: 12 });
  fc.assert(
    fc.property(tracks, deaths, fc.integer({ min: 1, max: 4 }), (uris, dying, batch) => {
      const copy = uris.slice(0, batch);
      let sent = copy.length;
      for (;;) {
        const next = nextCopyStep({ wanted: uris, here: copy, sent, batch });
        if (next.step === 'end') {
          expect(next.failure).toBeNull();
          break;
        }
        sent = next.to;
        if (dying.shift() !== 'before the call') copy.push(...uris.slice(next.from, next.to));
      }
      expect(copy).toEqual(uris);
    }),
  );
});
