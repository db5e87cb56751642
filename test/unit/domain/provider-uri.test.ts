import { isLocalFile, parseSpotifyUri } from '../../../domain/provider-uri';

test.each([
  ['spotify:track:abc', { kind: 'track', id: 'abc' }],
  ['spotify:episode:abc', { kind: 'episode', id: 'abc' }],
  ['spotify:local:a:b:c:1', null],
  ['spotify:track:', null],
  ['spotify:track:a:b', null],
  ['track:abc', null],
])('the URI %s', (uri, parsed) => {
  expect(parseSpotifyUri(uri)).toEqual(parsed);
});

test('local files are told from tracks', () => {
  expect([isLocalFile('spotify:local:a:b:c:1'), isLocalFile('spotify:track:a'), isLocalFile(null)]).toEqual([
    true,
    false,
    false,
  ]);
});
