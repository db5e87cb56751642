import { resolveByEvidence, resolveByIds } from '../../../domain/artist-resolution';
import { type ArtistFacts, artistProfileOf } from '../../../domain/linkage/artist';

const artist = (names: string[], facts: Partial<ArtistFacts> = {}) =>
  artistProfileOf({ names, providerIds: {}, isrcs: [], titles: [], albums: [], genres: [], ...facts });
const among = (...profiles: ReturnType<typeof artist>[]) =>
  profiles.map((profile, at) => ({ artistId: `a${at}`, profile }));
const recording = { isrcs: ['GBAYE0601498'] };

describe('whom an artist means', () => {
  it.each([
    ['one id', ['x'], { band: 'accept', by: 'provider_id', artistId: 'x', doubt: null }],
    ['two ids of one', ['x', 'x'], { band: 'accept', artistId: 'x' }],
    ['two ids of two', ['x', 'y'], { band: 'review', artistId: null, doubt: 'ids_disagree' }],
  ])('by %s', (_, ids, expected) => {
    expect(resolveByIds(ids)).toMatchObject(expected);
  });

  it('is not said by ids that nobody has', () => {
    expect(resolveByIds([])).toBeNull();
  });

  it.each([
    ['nobody', artist(['Sigur Rós']), among(artist(['Napalm Death'])), { band: 'new', score: null, candidates: [] }],
    [
      'an equal name alone',
      artist(['Nirvana']),
      among(artist(['Nirvana'])),
      { band: 'review', artistId: null, doubt: null },
    ],
    [
      'a name and a recording',
      artist(['Björk'], recording),
      among(artist(['Nirvana']), artist(['Bjork'], recording)),
      { band: 'accept', artistId: 'a1', doubt: null },
    ],
    [
      'an alias and a recording',
      artist(['Prince'], recording),
      among(artist(['The Artist', 'Prince'], recording)),
      { band: 'accept', artistId: 'a0' },
    ],
    [
      'the same of two',
      artist(['Björk'], recording),
      among(artist(['Björk'], recording), artist(['Bjork'], recording)),
      { band: 'review', artistId: null, doubt: 'several_artists' },
    ],
    [
      'whom MusicBrainz calls another',
      artist(['Nirvana'], { ...recording, providerIds: { musicbrainz: ['a'] } }),
      among(artist(['Nirvana'], { ...recording, providerIds: { musicbrainz: ['b'] } })),
      { band: 'new', candidates: [] },
    ],
    [
      'a group and its singer',
      artist(['Lindstrøm'], { ...recording, titles: ['One', 'Two'] }),
      among(artist(['Lindstrøm Trio'], { ...recording, titles: ['One', 'Two'] })),
      { band: 'review', artistId: null },
    ],
    // Who is on one recording together shares it.
    [
      'a recording with somebody else',
      artist(['Simon & Garfunkel'], recording),
      among(artist(['Art Garfunkel'], { ...recording, titles: ['The Boxer', 'America'], albums: ['Bookends'] })),
      { artistId: null },
    ],
    [
      'a recording with a stranger',
      artist(['Rihanna'], recording),
      among(artist(['Eminem'], recording)),
      { band: 'new' },
    ],
  ])('%s', (_, asked, known, expected) => {
    expect(resolveByEvidence(asked, known)).toMatchObject(expected);
  });

  it('is shown among the candidates where the name is a word of many longer ones', () => {
    const longer = Array.from({ length: 9 }, (_, n) => artist([`Queen & Somebody ${n}`]));
    const { candidates } = resolveByEvidence(artist(['Queen']), among(...longer, artist(['Queen'])));
    expect(candidates).toHaveLength(5);
    expect(candidates.map(({ artistId }) => artistId)).toContain('a9');
  });
});
