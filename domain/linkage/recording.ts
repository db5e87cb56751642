import { nameKey } from '../name-keys';
import { nameVector } from './name-vector';

/** What is known of a recording from one source, for comparing it with another's. Empty texts and nulls are unknown. */
export interface RecordingFacts {
  title: string;
  artist: string;
  album: string;
  seconds: number | null;
  /** Of the track on its album, as printed, without leading zeros: "7", "A3". */
  number: string;
  year: number | null;
  /** Three letters. */
  language: string;
}

/** The facts, with the texts as keys and what their words look like together. */
export interface Recording extends RecordingFacts {
  vector: Float32Array | null;
}

/** @param facts with the texts as they were found */
export function recordingOf(facts: RecordingFacts): Recording {
  const [title, artist, album] = [spokenKey(facts.title), spokenKey(facts.artist), spokenKey(facts.album)];
  const text = [title, artist, album].filter((part) => part !== '').join(' ');
  return { ...facts, title, artist, album, vector: nameVector(text) };
}

/** Signs alone are what a source that writes no other letters leaves of a text: they say nothing. */
function spokenKey(text: string): string {
  const key = nameKey(text);
  return /[\p{L}\p{N}]/u.test(key) ? key : '';
}
