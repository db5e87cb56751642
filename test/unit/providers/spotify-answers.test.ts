import { artistSearchAnswer, trackAnswer } from '../../../adapters/providers/spotify/catalog-answers';
import {
  containsAnswer,
  followedArtistsAnswer,
  likedTracksAnswer,
  playlistItemsAnswer,
  playlistsAnswer,
  playlistStateAnswer,
  profileAnswer,
} from '../../../adapters/providers/spotify/library-answers';

const artist = (id: string) => ({ id, name: `Artist ${id}`, type: 'artist', uri: `spotify:artist:${id}` });
const album = {
  id: 'al',
  uri: 'spotify:album:al',
  name: 'Album',
  images: [{ url: 'https://i.example.test/640', width: 640 }, { url: 'https://i.example.test/64' }],
  release_date: '1999-03',
  artists: [artist('a')],
};
const track = {
  id: 't',
  uri: 'spotify:track:t',
  name: 'Track',
  type: 'track',
  duration_ms: 1000,
  external_ids: { isrc: 'QZES12345678' },
  artists: [artist('a'), artist('b')],
  album,
};
const page = (items: unknown[], next: string | null = null) => ({
  href: '',
  items,
  limit: 50,
  next,
  offset: 0,
  previous: null,
  total: items.length,
});

describe('answers of the Web API', () => {
  it('reads a track with all of its credits', () => {
    expect(trackAnswer.parse(track)).toEqual({
      id: 't',
      uri: 'spotify:track:t',
      name: 'Track',
      durationMs: 1000,
      isrc: 'QZES12345678',
      artists: [
        { id: 'a', name: 'Artist a' },
        { id: 'b', name: 'Artist b' },
      ],
      album: {
        id: 'al',
        uri: 'spotify:album:al',
        name: 'Album',
        imageUrl: 'https://i.example.test/640',
        releaseDate: '1999-03',
        artists: [{ id: 'a', name: 'Artist a' }],
      },
    });
  });

  it('lives with fields that development mode leaves out, and with those it adds', () => {
    const { external_ids: _ids, duration_ms: _duration, ...lean } = track;
    expect(trackAnswer.parse({ ...lean, brand_new: { a: 1 } })).toMatchObject({ isrc: null, durationMs: null });
  });

  it('keeps the place of what it cannot show in a playlist', () => {
    const local = { id: null, uri: 'spotify:local:a:b:c:1', name: 'Rehearsal', type: 'track', artists: [], album: {} };
    const episode = { id: 'e', uri: 'spotify:episode:e', name: 'Talk', type: 'episode' };
    const at = '2020-01-01T00:00:00Z';
    const { items } = playlistItemsAnswer.parse(
      page([
        { added_at: at, added_by: { id: 'u' }, is_local: false, item: track },
        { added_at: at, added_by: { id: 'u' }, is_local: false, item: null },
        { added_at: null, added_by: null, is_local: true, item: local },
        { added_at: at, added_by: { id: '' }, is_local: false, item: episode },
        null,
        { added_at: at, added_by: { id: 'u' }, is_local: false, track },
      ]),
    );
    expect(items.map(({ kind, uri }) => [kind, uri])).toEqual([
      ['track', 'spotify:track:t'],
      ['unavailable', null],
      ['local', 'spotify:local:a:b:c:1'],
      ['episode', 'spotify:episode:e'],
      ['unavailable', null],
      ['track', 'spotify:track:t'],
    ]);
    expect(items[0]).toMatchObject({ addedAt: at, addedBy: 'u', name: 'Track', track: { id: 't' } });
    expect(items[2]).toMatchObject({ addedAt: null, addedBy: null, name: 'Rehearsal', track: null });
  });

  it('reads counts in both dialects, and admits not seeing what is on a foreign playlist', () => {
    const lists = playlistsAnswer.parse(
      page([
        { id: '1', name: 'New', owner: { id: 'u' }, collaborative: true, snapshot_id: 's', items: { total: 3 } },
        { id: '2', name: 'Old', owner: { id: 'u' }, collaborative: false, snapshot_id: 's', tracks: { total: 4 } },
        null,
      ]),
    );
    expect(lists.items.map(({ id, length, collaborative }) => [id, length, collaborative])).toEqual([
      ['1', 3, true],
      ['2', 4, false],
    ]);
    expect(playlistStateAnswer.parse({ snapshot_id: 's', name: 'n', tracks: { total: 9 } }).length).toBe(9);
    expect(playlistStateAnswer.parse({ snapshot_id: 's', name: 'n' }).length).toBeNull();
  });

  it('leaves out liked places that hold nothing, and fails on those it cannot read', () => {
    const at = '2020-01-01T00:00:00Z';
    const likes = likedTracksAnswer.parse(page([{ added_at: at, track }, { added_at: at, track: null }, null], 'more'));
    expect(likes).toMatchObject({ items: [{ addedAt: at }], total: 3, more: true });
    expect(likedTracksAnswer.safeParse(page([{ added_at: at, track: { ...track, id: 7 } }])).success).toBe(false);
  });

  it('goes on after the cursor only while there is a next page', () => {
    const follows = (next: string | null, after: string | null) =>
      followedArtistsAnswer.parse({ artists: { items: [artist('a')], total: 2, next, cursors: { after } } });
    expect(follows('more', 'a').after).toBe('a');
    expect(follows(null, 'a').after).toBeNull();
    expect(follows(null, null).items[0]).toEqual({ id: 'a', name: 'Artist a', imageUrl: null, genres: [] });
  });

  it('links an account by its immutable id, and by its user id where there is no other', () => {
    expect(profileAnswer.parse({ id: 'u', account_id: 'x', display_name: 'U' }).accountId).toBe('x');
    expect(profileAnswer.parse({ id: 'u', display_name: null })).toEqual({
      accountId: 'u',
      userId: 'u',
      displayName: 'u',
    });
  });

  it('refuses fewer answers than questions', () => {
    expect(containsAnswer(2).safeParse([true]).success).toBe(false);
    expect(containsAnswer(2).parse([true, false])).toEqual([true, false]);
  });

  it('reads a search that has holes', () => {
    expect(artistSearchAnswer.parse({ artists: { items: [null, artist('a')] } })).toHaveLength(1);
  });
});
