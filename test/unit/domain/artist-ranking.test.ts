import { answeringAlias, answerQuality, isGoodAnswer, matchQuality, rankArtists } from '../../../domain/artist-ranking';
import { foldName } from '../../../domain/names';

/** An artist whose name a search met, unless it is said that only these aliases were. */
const artist = (name: string, { inLibrary = false, aliases = [] as string[], nameMet = true } = {}) => ({
  name,
  foldedName: foldName(name),
  nameMet,
  inLibrary,
  metAliases: aliases.map((alias) => ({ name: alias, foldedName: foldName(alias) })),
});

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
});

describe('which name of an artist answers a search', () => {
  it.each([
    ['prince', artist('Prince', { aliases: ['Prince'] }), null, 'exact'],
    ['prince', artist('Prince Buster', { aliases: ['The Prince', 'prince'] }), 'prince', 'exact'],
    [
      'the artist',
      artist('Prince', { nameMet: false, aliases: ['The Artist Formerly Known'] }),
      'The Artist Formerly Known',
      'prefix',
    ],
    ['kino', artist('Кино', { nameMet: false, aliases: ['Kinó', 'Kino'] }), 'Kinó', 'exact'],
    ['kinoo', artist('Кино', { nameMet: false, aliases: ['Kino', 'Kina'] }), 'Kino', 'similar'],
    ['kinoo', artist('Kino', { aliases: ['Kinot'] }), null, 'similar'],
    ['roots', artist('The Roots', { aliases: ['Los Roots', 'Rootz'] }), null, 'word'],
  ])('%s: %j', (query, of, alias, quality) => {
    expect(answeringAlias(query, of)?.name ?? null).toBe(alias);
    expect(answerQuality(query, of)).toBe(quality);
  });
});

it('quality goes first, names go before aliases, then the library, and equals keep their order', () => {
  const given = [
    artist('Rots', { inLibrary: true }),
    artist('Questlove and Friends', { nameMet: false, aliases: ['Roots'], inLibrary: true }),
    artist('The Roots'),
    artist('Root Crew', { aliases: ['Roots Crew'], inLibrary: true }),
    artist('Roots Manuva'),
    artist('Roots'),
    artist('Square Roots', { aliases: ['roots'] }),
    artist('roots', { inLibrary: true }),
  ];
  expect(rankArtists('roots', given).map(({ name }) => name)).toEqual([
    'roots',
    'Roots',
    'Questlove and Friends',
    'Square Roots',
    'Roots Manuva',
    'Root Crew',
    'The Roots',
    'Rots',
  ]);
  expect(given[0]?.name).toBe('Rots');
});
