import { isGoodAnswer, matchQuality, rankArtists } from '../../../domain/artist-ranking';
import { foldName } from '../../../domain/names';

describe('how well a name answers a search', () => {
  it.each([
    ['Björk', 'BJORK', 'exact'],
    ['bj', 'Björk', 'prefix'],
    ['roots', 'The Roots', 'word'],
    ['roots', 'Rots', 'similar'],
    ['oots', 'The Roots', 'similar'],
  ])('%s for %s is %s', (query, name, quality) => {
    expect(matchQuality(query, foldName(name))).toBe(quality);
  });

  it('only the first two are good enough to leave the provider alone', () => {
    expect((['exact', 'prefix', 'word', 'similar'] as const).map(isGoodAnswer)).toEqual([true, true, false, false]);
  });

  it('quality goes first, the library second, and equals keep their order', () => {
    const artist = (name: string, inLibrary = false) => ({ name, foldedName: foldName(name), inLibrary });
    const given = [
      artist('Rots', true),
      artist('The Roots'),
      artist('Roots Manuva'),
      artist('Roots'),
      artist('roots', true),
    ];
    expect(rankArtists('roots', given).map(({ name }) => name)).toEqual([
      'roots',
      'Roots',
      'Roots Manuva',
      'The Roots',
      'Rots',
    ]);
    expect(given[0]?.name).toBe('Rots');
  });
});
