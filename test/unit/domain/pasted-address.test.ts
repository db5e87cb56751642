import fc from 'fast-check';
import { appleMusicAddress, appleMusicKinds, formatAppleMusicUri } from '../../../domain/apple-music-uri';
import { parsePastedAddress } from '../../../domain/pasted-address';
import { formatSpotifyUri, spotifyAddress } from '../../../domain/provider-uri';

const id = '4Z8W4fKeB5YxbusRsdQVPb';
const mbid = 'b10bbbfc-cf9e-42e0-be17-e2c3e1d2600d';

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
    expect(parsePastedAddress(text)).toEqual({ provider: 'spotify', kind, id, uri: `spotify:${kind}:${id}` });
  });

  test.each([
    ['https://music.apple.com/de/album/abbey-road/1441164426?i=1441164430', 'track', 'apple-music:song:1441164430'],
    ['https://music.apple.com/us/album/abbey-road/1441164426', 'album', 'apple-music:album:1441164426'],
    ['https://music.apple.com/album/1441164426?l=en&i=1441164430#play', 'track', 'apple-music:song:1441164430'],
    ['music.apple.com/jp/song/%E6%84%9B/1441164430', 'track', 'apple-music:song:1441164430'],
    ['https://music.apple.com/gb/music-video/help/1445669862/', 'track', 'apple-music:music-video:1445669862'],
    ['https://itunes.apple.com/us/artist/the-beatles/id136975', 'artist', 'apple-music:artist:136975'],
    ['https://geo.music.apple.com/us/artist/the-beatles/136975?at=1', 'artist', 'apple-music:artist:136975'],
    [
      'https://music.apple.com/us/playlist/today/pl.f4d106fed2bd41149aaacabb233eb5eb',
      'playlist',
      'apple-music:playlist:pl.f4d106fed2bd41149aaacabb233eb5eb',
    ],
    ['apple-music:song:1441164430', 'track', 'apple-music:song:1441164430'],
  ])('%j is understood as Apple Music’s', (text, kind, uri) => {
    expect(parsePastedAddress(text)).toEqual({ provider: 'apple_music', kind, id: uri.split(':')[2], uri });
  });

  test.each([
    [`https://musicbrainz.org/artist/${mbid}`, 'artist', 'artist'],
    [`http://beta.musicbrainz.org/artist/${mbid}/releases?page=2#x`, 'artist', 'artist'],
    [`musicbrainz.org/recording/${mbid.toUpperCase()}/`, 'track', 'recording'],
    [`https://www.MusicBrainz.org/release/${mbid}`, 'album', 'release'],
    [` ${mbid.toUpperCase()}\n`, 'artist', 'artist'],
  ])('%j is understood as MusicBrainz’s', (text, kind, theirs) => {
    expect(parsePastedAddress(text)).toEqual({
      provider: 'musicbrainz',
      kind,
      id: mbid,
      uri: `musicbrainz:${theirs}:${mbid}`,
    });
  });

  test.each([
    ['https://music.apple.com/de/album/abbey-road/1441164426?i=abc', 'apple-music:album:1441164426'],
    ['https://music.apple.com/de/album/abbey-road/1441164426?i=', 'apple-music:album:1441164426'],
  ])('%j is taken for the album', (text, uri) => {
    expect(parsePastedAddress(text)?.uri).toBe(uri);
  });

  test.each([
    [''],
    ['https://music.apple.com.example.com/us/artist/a/136975'],
    ['https://music.apple.com@example.com/us/artist/a/136975'],
    ['https://music.apple.com/us/artist/a/136975/see-all'],
    ['https://music.apple.com/us/artist/a/b/136975'],
    ['https://music.apple.com/us/artist/pl.abc'],
    ['https://music.apple.com/us/playlist/136975'],
    ['https://music.apple.com/us/curator/a/136975'],
    ['https://music.apple.com/library/albums/l.abc'],
    ['apple-music:song:i.abc'],
    ['apple-music:song:'],
    ['136975'],
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
    [`https://musicbrainz.org.example.com/artist/${mbid}`],
    [`https://musicbrainz.org/work/${mbid}`],
    [`https://musicbrainz.org/artist/${mbid.slice(1)}`],
    [`https://musicbrainz.org/artist/${mbid}'--`],
    [`${mbid}0`],
    [mbid.replaceAll('-', '')],
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
        parsePastedAddress(`https://music.apple.com/${text}`);
        parsePastedAddress(`apple-music:${text}`);
        parsePastedAddress(`https://musicbrainz.org/${text}`);
      }),
      { numRuns: 1000 },
    );
  });

  test('addresses we write are addresses we read', () => {
    expect(parsePastedAddress(spotifyAddress('album', id))?.uri).toBe(formatSpotifyUri('album', id));
    expect(parsePastedAddress(formatSpotifyUri('track', id))?.uri).toBe(formatSpotifyUri('track', id));
    for (const kind of appleMusicKinds) {
      const appleId = kind === 'playlist' ? 'pl.abc' : '1441164430';
      const address = appleMusicAddress({ kind, id: appleId, inLibrary: false }, 'de');
      expect(parsePastedAddress(String(address))?.uri).toBe(formatAppleMusicUri(kind, appleId));
    }
  });
});
