import { likeness } from './likeness';
import type { Recording } from './recording';
import { cosine } from './vectors';

/** What two recordings are compared by; each feature belongs to one of them, and evidence is told by them. */
export const recordingSubjects = ['title', 'artist', 'album', 'text', 'length', 'number', 'year', 'language'] as const;
export type RecordingSubject = (typeof recordingSubjects)[number];

/** The features in the order of their weights. */
export const recordingFeatures = [
  ['title', 'title'],
  ['titleVery', 'title'],
  ['titleMissing', 'title'],
  ['titleBothMissing', 'title'],
  ['artist', 'artist'],
  ['artistVery', 'artist'],
  ['artistMissing', 'artist'],
  ['album', 'album'],
  ['albumVery', 'album'],
  ['albumMissing', 'album'],
  ['titleAndArtist', 'title'],
  ['cosine', 'text'],
  ['cosineVery', 'text'],
  ['lengthEqual', 'length'],
  ['lengthNear', 'length'],
  ['lengthFar', 'length'],
  ['numberEqual', 'number'],
  ['numberDifferent', 'number'],
  ['yearEqual', 'year'],
  ['yearDifferent', 'year'],
  ['yearBothMissing', 'year'],
  ['languageEqual', 'language'],
  ['languageDifferent', 'language'],
  ['lengthAndNumber', 'length'],
  ['lengthAndNumberAndCosine', 'length'],
  ['albumAndNumber', 'album'],
  ['albumAndNumberDifferent', 'album'],
  ['lengthAndTitle', 'length'],
  ['lengthAndNumberDifferent', 'length'],
  ['lengthAndNumberWithoutTitle', 'number'],
  ['lengthAndNumberAndYear', 'year'],
] as const satisfies readonly (readonly [string, RecordingSubject])[];
export type RecordingFeature = (typeof recordingFeatures)[number][0];

const equalWithin = 1.05;
const nearWithin = 5;

/** How two recordings compare, a number for each of `recordingFeatures`, about 0 to 1. */
export function compareRecordings(one: Recording, other: Recording): number[] {
  const title = likeness(one.title, other.title);
  const artist = likeness(one.artist, other.artist);
  const album = likeness(one.album, other.album);
  const near = Math.max(0, cosine(one.vector, other.vector));
  const apart = one.seconds === null || other.seconds === null ? null : Math.abs(one.seconds - other.seconds);
  const lengthEqual = truth(apart !== null && apart <= equalWithin);
  const numbers = one.number !== '' && other.number !== '';
  const numberEqual = truth(numbers && one.number === other.number);
  const numberDifferent = truth(numbers && one.number !== other.number);
  const years = one.year !== null && other.year !== null;
  const yearEqual = years && (one.year ?? 0) % 100 === (other.year ?? 0) % 100;
  const languages = one.language !== '' && other.language !== '';
  return [
    title,
    very(title),
    truth((one.title === '') !== (other.title === '')),
    truth(one.title === '' && other.title === ''),
    artist,
    very(artist),
    truth(one.artist === '' || other.artist === ''),
    album,
    very(album),
    truth(one.album === '' || other.album === ''),
    title * artist,
    near,
    very(near),
    lengthEqual,
    truth(apart !== null && apart > equalWithin && apart <= nearWithin),
    truth(apart !== null && apart > nearWithin),
    numberEqual,
    numberDifferent,
    truth(yearEqual),
    truth(years && !yearEqual),
    truth(one.year === null && other.year === null),
    truth(languages && one.language === other.language),
    truth(languages && one.language !== other.language),
    lengthEqual * numberEqual,
    lengthEqual * numberEqual * near,
    album * numberEqual,
    album * numberDifferent,
    lengthEqual * title,
    truth(apart !== null && apart > equalWithin) * numberDifferent,
    lengthEqual * numberEqual * truth(one.title === '' || other.title === ''),
    lengthEqual * numberEqual * truth(yearEqual),
  ];
}

const truth = (holds: boolean) => (holds ? 1 : 0);
/** A second, steeper slope at the top. */
const very = (likeness: number) => Math.max(0, likeness - 0.8) * 5;
