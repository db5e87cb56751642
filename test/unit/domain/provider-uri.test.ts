import fc from 'fast-check';
import {
  formatSpotifyUri,
  isLocalFile,
  parsePastedAddress,
  parseSpotifyUri,
  spotifyAddress,
} from '../../../domain/provider-uri';

const id = '4Z8W4fKeB5YxbusRsdQVPb';

describe('a pasted address', () => {
  test.each([
    [`https://open.spotify.com/artist/${id}`, 'artist'],
    [`https://open.spotify.com/intl-de/artist/${id}?si=abc&utm_source=copy-link`, 'artist'],
    [`https://open.spotify.com/intl-pt-br/track/${id}#t=10`, 'track'],
    [`http://play.spotify.com/album/${id}/`, 'album'],
    [`open.spotify.com/playlist/${id}`, 'playlist'],
    [`https://open.spotify.com/embed/track/${id}`, 'track'],
    [`https://open.spotify.com/user/somebody/playlist/${id}`, 'playlist'],
    [`HTTPS://OPEN.SPOTIFY.COM/ARTIST/${id}`, 'artist'],
    [`spotify:artist:${id}`, 'artist'],
    [`spotify:user:somebody:playlist:${id}`, 'playlist'],
    [`  ${id}\n`, 'artist'],
  ])('%j is understood', (text, kind) => {
    expect(parsePastedAddress(text)).toEqual({ provider: 'spotify', kind, id });
  });

  test.each([
    [''],
    ['The Name of a Band'],
    [id.slice(1)],
    [`${id}x`],
    [`https://open.spotify.com.example.com/artist/${id}`],
    [`https://open.spotify.com@example.com/artist/${id}`],
    [`https://example.com/?u=https://open.spotify.com/artist/${id}`],
    [`https://open.spotify.com/episode/${id}`],
    [`https://open.spotify.com/artist/`],
    [`https://open.spotify.com/artist/${id}/discography`],
    [`javascript:open.spotify.com/artist/${id}`],
    [`https://open.spotify.com/artist/${id}'--`],
    [`https://open.spotify.com/artist/../track/${id}`],
    ['https://spotify.link/abc'],
    ['spotify:local:a:b:c:1'],
    [`spotify:episode:${id}`],
    [`spotify:artist:${'a'.repeat(5_000)}`],
    [`https://open.spotify.com/artist/${id}?${'a'.repeat(100_000)}`],
    ['\u0000\uD800'],
  ])('%j is not one', (text) => {
    expect(parsePastedAddress(text)).toBeNull();
  });

  test('no text makes it throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        parsePastedAddress(text);
        parsePastedAddress(`https://open.spotify.com/${text}`);
        parsePastedAddress(`spotify:${text}`);
      }),
      { numRuns: 1000 },
    );
  });

  test('addresses we write are addresses we read', () => {
    expect(parsePastedAddress(spotifyAddress('album', id))).toEqual({ provider: 'spotify', kind: 'album', id });
    expect(parsePastedAddress(formatSpotifyUri('track', id))).toEqual({ provider: 'spotify', kind: 'track', id });
  });
});

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
