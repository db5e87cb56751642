import { rateArtists } from '../../domain/artist-resolution';
import { type ArtistFacts, artistProfileOf } from '../../domain/linkage/artist';
import { isPlainTitle } from '../../domain/linkage/plain-titles';
import { nameKey } from '../../domain/name-keys';
import type { Band } from '../../domain/linkage/score';
import { type Namesakes, namesakes, spellings } from './held-out-artists';

const nothing: ArtistFacts = { names: [], providerIds: {}, isrcs: [], titles: [], albums: [], genres: [] };

/** What the pipeline says of two artists of whom this is known; `new` also where they are no candidates. */
export function bandOfTwo(one: Partial<ArtistFacts>, other: Partial<ArtistFacts>): Band {
  const profile = (facts: Partial<ArtistFacts>) => artistProfileOf({ ...nothing, ...facts });
  return rateArtists(profile(one), profile(other))?.band ?? 'new';
}

/** What may be known of the two when they meet: all, the one or the other kind, or nothing. */
const kinds = [['genres', 'albums'], ['genres'], ['albums'], []] as const;

/** How the two are judged, by each kind of what is known. */
export function judgementsOf({ names: [one, other], known }: Namesakes): Band[] {
  return kinds.map((shown) => {
    const facts = (at: 0 | 1) => Object.fromEntries(shown.map((kind) => [kind, known[at][kind]]));
    return bandOfTwo({ names: [one], ...facts(0) }, { names: [other], ...facts(1) });
  });
}

/** Who is wrongly taken for one, how many are told apart by all that is known, and how many artists are known again by an album. */
export function judgeNamesakes(): { judged: number; accepted: string[]; apart: number; rejoined: number } {
  const judgements = namesakes.map((pair) => ({ pair, bands: judgementsOf(pair) }));
  const again = namesakes.flatMap(({ names, known }) =>
    known.flatMap(({ genres, albums }, at) => {
      const name = names[at] ?? '';
      const telling = albums.filter((title) => !isPlainTitle(nameKey(title), [nameKey(name)]));
      const [first, ...others] = telling;
      if (first === undefined) return [];
      return bandOfTwo({ names: [name], genres, albums: [first] }, { names: [name], albums: [first, ...others] });
    }),
  );
  return {
    judged: judgements.length * kinds.length,
    accepted: judgements.flatMap(({ pair, bands }) => (bands.includes('accept') ? [pair.names[0]] : [])),
    apart: judgements.filter(({ bands }) => bands[0] === 'new').length,
    rejoined: again.filter((band) => band === 'accept').length / again.length,
  };
}

/** How many spellings are accepted, or asked about, by the name alone, and how many are joined by a recording. */
export function judgeSpellings(): { acceptedByName: number; reviewedByName: number; joined: number; apart: string[] } {
  const isrcs = ['GBAYE0601498'];
  const byName = spellings.map(([one, other]) => bandOfTwo({ names: [one] }, { names: [other] }));
  const apart = spellings.filter(
    ([one, other]) => bandOfTwo({ names: [one], isrcs }, { names: [other], isrcs }) !== 'accept',
  );
  return {
    acceptedByName: byName.filter((band) => band === 'accept').length,
    reviewedByName: byName.filter((band) => band === 'review').length,
    joined: spellings.length - apart.length,
    apart: apart.map(([one, other]) => `${one} / ${other}`),
  };
}
