import { weightOfName } from '../common-words';
import type { ArtistProfile } from './artist';
import { likeness, spellingLikeness } from './likeness';
import { isPlainTitle } from './plain-titles';

/** What two artists are compared by; evidence is told by these. */
export const artistSubjects = ['name', 'recordings', 'titles', 'albums', 'genres', 'provider'] as const;
export type ArtistSubject = (typeof artistSubjects)[number];

/** The features in the order of their values. */
export const artistFeatures = [
  ['nameLike', 'name'],
  ['nameVery', 'name'],
  ['namePlain', 'name'],
  ['sharedRecordings', 'recordings'],
  ['sharedTitles', 'titles'],
  ['otherTitles', 'titles'],
  ['sharedAlbums', 'albums'],
  ['otherAlbums', 'albums'],
  ['sharedGenres', 'genres'],
  ['otherGenres', 'genres'],
  ['otherProviderId', 'provider'],
] as const satisfies readonly (readonly [string, ArtistSubject])[];
export type ArtistFeature = (typeof artistFeatures)[number][0];

/** So many in common are as good as more. */
const enough = { isrcs: 1, titles: 2, albums: 1, genres: 2 } as const;
/** Of fewer it says nothing that none is in common. */
const tellingTitles = 5;

/** How two artists compare, a number from 0 to 1 for each of `artistFeatures`. */
export function compareArtists(one: ArtistProfile, other: ArtistProfile): number[] {
  const like = nameLikeness(one, other);
  const names = [one, other].flatMap((artist) => [...artist.names, ...artist.latin]);
  const tells = (kind: keyof typeof enough, value: string) => kind !== 'albums' || !isPlainTitle(value, names);
  const shared = (kind: keyof typeof enough) =>
    Math.min(1, one[kind].filter((value) => other[kind].includes(value) && tells(kind, value)).length / enough[kind]);
  const apart = (kind: 'titles' | 'albums' | 'genres', least: number) =>
    truth(one[kind].length >= least && other[kind].length >= least && shared(kind) === 0);
  return [
    like,
    Math.max(0, like - 0.8) * 5,
    truth([...one.names, ...other.names].every((name) => weightOfName(name, name) !== 'distinctive')),
    shared('isrcs'),
    // One title in common may be chance: "Home", "Intro".
    shared('titles') ** 2,
    apart('titles', tellingTitles),
    shared('albums'),
    apart('albums', 2),
    shared('genres'),
    apart('genres', 1),
    truth(otherIdAtOneProvider(one, other)),
  ];
}

const soundsAlike = (one: ArtistProfile, other: ArtistProfile) =>
  one.names.some((name) => other.names.includes(name)) || one.latin.some((name) => other.latin.includes(name));

/** How alike the likest two of their names are, as they are written or as they sound, from 0 to 1. */
export function nameLikeness(one: ArtistProfile, other: ArtistProfile): number {
  return soundsAlike(one, other) ? 1 : bestLikeness(one, other);
}

/** The same with every word: a group is not its singer, although one name is a part of the other. */
export function nameSpelling(one: ArtistProfile, other: ArtistProfile): number {
  return soundsAlike(one, other) ? 1 : bestLikeness(one, other, spellingLikeness);
}

function bestLikeness(one: ArtistProfile, other: ArtistProfile, compare = likeness): number {
  const best = (names: readonly string[], others: readonly string[]) =>
    Math.max(0, ...names.flatMap((name) => others.map((another) => compare(name, another))));
  return Math.max(best(one.names, other.names), best(one.latin, other.latin));
}

/** A provider that knows both calls them two: it may keep one artist twice, but seldom does. */
function otherIdAtOneProvider(one: ArtistProfile, other: ArtistProfile): boolean {
  return Object.entries(one.providerIds).some(([provider, ids]) => {
    const others = other.providerIds[provider] ?? [];
    return ids.length > 0 && others.length > 0 && !ids.some((id) => others.includes(id));
  });
}

const truth = (holds: boolean) => (holds ? 1 : 0);
