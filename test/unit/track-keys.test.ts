import fc from 'fast-check';
import { SoughtTracks, trackKeysOf } from '../../adapters/postgres/track-keys';

const uris = fc.uniqueArray(
  fc.oneof(
    fc.string(),
    fc.integer({ min: 0, max: 30 }).map((n) => `spotify:track:${n}`),
  ),
);

test('keys tell exactly which of the tracks that are looked for are there', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 30 }))), uris, (places, sought) => {
      const entries = places.map((n): [string | null] => [n === null ? null : `spotify:track:${n}`]);
      const there = new Set(entries.flatMap(([uri]) => uri ?? []));
      const found = new SoughtTracks(sought).among(trackKeysOf(entries));
      expect(found.toSorted()).toEqual(sought.filter((uri) => there.has(uri)).toSorted());
    }),
  );
});

test('a track has one key of eight bytes, however often it is there', () => {
  expect(trackKeysOf([['a'], [null], ['a'], ['b']])).toHaveLength(16);
  expect(trackKeysOf([])).toHaveLength(0);
});
