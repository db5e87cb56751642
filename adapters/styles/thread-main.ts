import { parentPort, workerData } from 'node:worker_threads';
import { genreCounts } from '../../domain/style/genre-counts';
import type { GenrePlaces } from '../../domain/style/places';
import { relatedGenres } from '../../domain/style/related-genres';
import { StyleModelError } from '../../domain/style/style-model';
import { styleVector } from '../../domain/style/style-vector';
import { neededWords, wordPlaces } from '../../domain/style/word-places';
import type { ThreadAnswer, ThreadQuestion, ThreadSettings } from './thread-messages';
import { readWordVectors } from './word-vectors';

const { model, rows } = workerData as ThreadSettings;
const counts = genreCounts(rows);

async function readPlaces(): Promise<GenrePlaces> {
  const { path, dimensions } = model;
  if (path === null) return relatedGenres(counts);
  return wordPlaces(dimensions, await readWordVectors(path, dimensions, neededWords(counts.genres.keys())));
}

const places = readPlaces();
places.catch(() => undefined);

async function answer({ id, artists }: ThreadQuestion): Promise<ThreadAnswer> {
  try {
    const known = await places;
    return { id, vectors: artists.map((facts) => styleVector(facts, known, counts)) };
  } catch (error) {
    if (!(error instanceof StyleModelError)) throw error;
    return { id, failure: error.code };
  }
}

parentPort?.on('message', (question: ThreadQuestion) => {
  void answer(question).then((given) => parentPort?.postMessage(given));
});
