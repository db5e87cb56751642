import { type ArtistFacts, artistProfileOf } from '../../domain/linkage/artist';
import { compareArtists } from '../../domain/linkage/artist-features';
import type { Example } from './fit';
import { homonyms, soundalikes, variants } from './artist-names';

const nothing: ArtistFacts = { names: [], providerIds: {}, isrcs: [], titles: [], albums: [], genres: [] };
const titles = (whose: string) => Array.from({ length: 6 }, (_, n) => `${whose} ${n}`);

/** What is known besides the names, of the one and of the other. */
type Situation = readonly [one: Partial<ArtistFacts>, other: Partial<ArtistFacts>];

/** In which situations two mentions of one artist are met; a person's library and a catalog often have no song in common. */
const ofOne: Record<string, Situation> = {
  'names alone': [{}, {}],
  'a name, and only one has songs': [{ titles: titles('a') }, {}],
  'other songs': [{ titles: titles('a') }, { titles: titles('b') }],
  'a recording in common': [{ isrcs: ['GBAYE0601498'] }, { isrcs: ['GBAYE0601498', 'USRC17607839'] }],
  'songs in common': [{ titles: ['home', 'x', 'y'] }, { titles: ['home', 'x', 'z'] }],
  'an album in common': [{ albums: ['ambergris', 'bellwether'] }, { albums: ['ambergris', 'calamine'] }],
  'songs, an album and genres in common': [
    { titles: ['x', 'y'], albums: ['ambergris'], genres: ['rock'] },
    { titles: ['x', 'y'], albums: ['ambergris'], genres: ['rock', 'pop'] },
  ],
  'genres in common': [{ genres: ['rock', 'grunge'] }, { genres: ['grunge', 'rock'] }],
};

/** In which situations two artists of one name, or of like names, are met. */
const ofTwo: Record<string, Situation> = {
  'names alone': [{}, {}],
  'other songs': [{ titles: titles('a') }, { titles: titles('b') }],
  'a song of one title among others': [{ titles: ['home', ...titles('a')] }, { titles: ['home', ...titles('b')] }],
  'other songs and albums': [
    { titles: titles('a'), albums: ['ambergris', 'bellwether'] },
    { titles: titles('b'), albums: ['calamine', 'dovetail'] },
  ],
  'the same genre': [{ genres: ['rock', 'grunge'] }, { genres: ['rock', 'grunge'] }],
  'other genres': [{ genres: ['rock'] }, { genres: ['jazz'] }],
  'two ids at one provider': [{ providerIds: { spotify: ['1'] } }, { providerIds: { spotify: ['2'] } }],
};

/** Every pair of names in every situation: what weights are fitted to. */
export function artistExamples(): Example[] {
  const example = (names: readonly [string, string], [one, other]: Situation, same: boolean): Example => ({
    features: compareArtists(
      artistProfileOf({ ...nothing, names: [names[0]], ...one }),
      artistProfileOf({ ...nothing, names: [names[1]], ...other }),
    ),
    same,
  });
  const equal = homonyms.map((name) => [name, name] as const);
  const near = nearest([...variants.map(([name]) => name), ...homonyms]);
  return [
    ...[...variants, ...equal].flatMap((names) => Object.values(ofOne).map((known) => example(names, known, true))),
    ...[...equal, ...soundalikes, ...near].flatMap((names) =>
      Object.values(ofTwo).map((known) => example(names, known, false)),
    ),
  ];
}

/** Each name with those of the others that read most like it. */
function nearest(names: readonly string[]): (readonly [string, string])[] {
  const distinct = [
    ...new Map(names.map((name) => [artistProfileOf({ ...nothing, names: [name] }).latin[0], name])).values(),
  ];
  const likeness = (one: string, other: string) =>
    compareArtists(artistProfileOf({ ...nothing, names: [one] }), artistProfileOf({ ...nothing, names: [other] }))[0] ??
    0;
  return distinct.flatMap((name) =>
    distinct
      .filter((other) => other !== name)
      .map((other) => [name, other, likeness(name, other)] as const)
      .sort((a, b) => b[2] - a[2])
      .slice(0, 4)
      .map(([one, other]) => [one, other] as const),
  );
}
