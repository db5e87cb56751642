import { chooseByRatings } from '../../../dev/demo/apple-music/choose-artists';
import { ratingDifferences, ratingRows, ratingsIn } from '../../../dev/demo/apple-music/ratings';
import { tallyArtists } from '../../../dev/demo/choose-artists';

const library = {
  songs: [],
  albums: [],
  playlists: [],
  ratings: [
    { type: 'songs', id: '1', value: 1 as const },
    { type: 'library-songs', id: 'i.2', value: -1 as const },
    { type: 'albums', id: '3', value: -1 as const },
  ],
};
const before = ratingsIn(library);
const [loved, upload, album, unrated] = [
  'apple-music:song:1',
  'apple-music:song:i.2',
  'apple-music:album:3',
  'apple-music:song:4',
];

test('ratings are known by the addresses that the API gives', () => {
  expect([...before]).toEqual([
    [loved, 1],
    [upload, -1],
    [album, -1],
  ]);
});

test('each way of being rated is a row, with how the run and the rollback left it', () => {
  const afterRun = new Map<string, 1 | -1>([loved, upload, album, unrated].map((uri) => [uri, -1]));
  const wrong = new Map([...before, [unrated, 1 as const]]);
  expect(ratingRows([loved, album, unrated], { before, afterRun, after: wrong })).toEqual([
    { before: 'not rated', count: 1, afterRun: 'suggest less', afterRollback: 'loved' },
    { before: 'loved', count: 1, afterRun: 'suggest less', afterRollback: 'loved' },
    { before: 'suggest less', count: 1, afterRun: 'suggest less', afterRollback: 'suggest less' },
  ]);
  expect(ratingDifferences(before, before)).toEqual([]);
  expect(ratingDifferences(before, wrong)).toEqual([`${unrated}: not rated before, loved now`]);
  expect(ratingDifferences(before, new Map())).toHaveLength(3);
});

test('one artist is chosen for each way of being rated, of whom the playlists have most', () => {
  const songs = [
    { uri: loved, artists: [{ id: 'a', name: 'a' }] },
    { uri: upload, artists: [{ id: 'b', name: 'b' }] },
    { uri: unrated, artists: [{ id: 'c', name: 'c' }] },
    { uri: 'apple-music:song:5', artists: [{ id: 'd', name: 'd' }] },
  ];
  const tally = tallyArtists([...songs, songs[3]!].map(({ artists }) => ({ kind: 'playlist' as const, artists })));
  expect(chooseByRatings(tally, songs, before).map(({ id }) => id)).toEqual(['b', 'a', 'd']);
  expect(chooseByRatings(tally, songs, before, new Set(['d'])).map(({ id }) => id)).toEqual(['b', 'a', 'c']);
  expect(chooseByRatings(tally, songs, before, new Set(['a']))).toHaveLength(2);
});
