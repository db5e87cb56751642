import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { artistFeatures } from '../domain/linkage/artist-features';
import { compareRecordings, type RecordingFeature, recordingFeatures } from '../domain/linkage/recording-features';
import { recordingWeights } from '../domain/linkage/recording-weights';
import type { Recording } from '../domain/linkage/recording';
import { acceptRecordingOdds, groupRecordings } from '../domain/linkage/recordings';
import { writtenDoubts } from '../domain/linkage/sourced-recordings';
import { logOdds, type Weights } from '../domain/linkage/weights';
import { projectRoot } from '../dev/engines/project-root';
import type { Cleanup } from './cleanup';
import { artistExamples } from './linkage/artist-examples';
import { benchArtists } from './linkage/artists';
import { candidatePairs } from './linkage/candidates';
import { type ComparedPair, crossValidatedOdds } from './linkage/cross-validation';
import { type LinkageFile, readLinkageFile } from './linkage/file';
import { fitWeights } from './linkage/fit';
import { pairScores, pairsWithin, wilson } from './linkage/scores';
import { startTables } from './linkage/tables';
import { weightsSource } from './linkage/weights-source';
import { atLeast, type Figure, reported } from './report';

/**
 * `npm run bench -- linkage FILE [--fit]`: links the recordings of a file that has the header of "Music Brainz 20K" as a sync
 * does (candidates from LanceDB, the frozen weights), and scores what came of it; then with the guard that a sync lays over the
 * weights. The third part is cross-validated: each pair is judged by weights that never saw its clusters. The fourth is about artists, of
 * names that no weight was fitted to. `--fit` also fits all weights anew and writes them to `domain/linkage`, `--fit-artists` only those
 * of artists.
 */
export async function benchLinkage(args: readonly string[], cleanup: Cleanup): Promise<Figure[]> {
  const [path, option] = args;
  if (path === undefined || (option !== undefined && option !== '--fit' && option !== '--fit-artists'))
    throw new Error('Say which file: npm run bench -- linkage FILE [--fit|--fit-artists]');
  if (option !== undefined)
    keep('Artist', fitWeights(artistExamples(), artistFeatures), 'the situations of `artist-examples.ts`');
  const file = await readLinkageFile(path);
  const tables = await startTables(cleanup);
  const { pairs, indexSeconds, searchSeconds } = await candidatePairs(tables, file.recordings);
  const compared = pairs.map(([one, other]): ComparedPair => {
    const recordings = [file.recordings[one], file.recordings[other]] as [Recording, Recording];
    return { one, other, features: compareRecordings(...recordings), same: file.truth[one] === file.truth[other] };
  });
  const weights = option === '--fit' ? fitAnew(compared) : recordingWeights;
  const frozen = compared.map(({ features }) => logOdds(weights, recordingFeatures, features));
  const truePairs = pairsWithin(file.truth);
  return [
    reported('recordings', file.recordings.length, 'rows'),
    reported('true pairs', truePairs, 'pairs'),
    reported('candidates', pairs.length, 'pairs'),
    reported('candidate recall', (compared.filter(({ same }) => same).length / truePairs) * 100, '%'),
    reported('indexing', indexSeconds, 's'),
    reported('candidates of one recording, mean', (searchSeconds * 1000) / file.recordings.length, 'ms'),
    ...figuresOf('frozen weights', file, compared, frozen),
    ...figuresOf('with the guard', file, compared, guarded(file, compared, frozen)),
    ...figuresOf('5-fold', file, compared, crossValidatedOdds(compared, file.truth, 5)),
    ...(await benchArtists(tables, [...new Set(file.recordings.map(({ artist }) => artist))])),
  ];
}

/** What is doubted is asked about at best, as in a sync, where that is judged by more than this file has. */
function guarded({ recordings }: LinkageFile, compared: readonly ComparedPair[], odds: readonly number[]): number[] {
  return compared.map(({ one, other }, at) => {
    const doubts = writtenDoubts(recordings[one] as Recording, recordings[other] as Recording);
    return doubts.length > 0 ? Math.min(odds[at] ?? 0, acceptRecordingOdds - 0.01) : (odds[at] ?? 0);
  });
}

function fitAnew(compared: readonly ComparedPair[]): Weights<RecordingFeature> {
  const fitted = fitWeights(compared, recordingFeatures);
  keep('Recording', fitted, 'half of the "Music Brainz 20K" benchmark (CC BY 4.0)');
  return fitted;
}

function keep(of: 'Recording' | 'Artist', weights: Weights<string>, from: string): void {
  const path = join(projectRoot, 'domain', 'linkage', `${of.toLowerCase()}-weights.ts`);
  writeFileSync(path, weightsSource(of, weights, from));
}

function figuresOf(
  name: string,
  file: LinkageFile,
  compared: readonly ComparedPair[],
  odds: readonly number[],
): Figure[] {
  const scored = compared.map(({ one, other }, at) => ({ one, other, odds: odds[at] ?? 0 }));
  const sourceOf = (recording: number) => file.sources[recording] ?? '';
  const scoresFrom = (band: 'accept' | 'review') =>
    pairScores(groupRecordings(file.recordings.length, scored, band, sourceOf), file.truth);
  const [linked, accepted] = [scoresFrom('review'), scoresFrom('accept')];
  const [least, most] = wilson(accepted.wrong, accepted.linked);
  return [
    reported(`${name}: linked, from even odds on`, linked.linked, 'pairs'),
    reported(`${name}: precision`, linked.precision * 100, '%'),
    reported(`${name}: recall`, linked.recall * 100, '%'),
    atLeast(99.5, `${name}: F1`, linked.f1 * 100, '%'),
    reported(`${name}: accepted unasked`, accepted.linked, 'pairs'),
    reported(`${name}: accepted, recall`, accepted.recall * 100, '%'),
    reported(`${name}: accepted wrongly`, accepted.wrong, 'pairs'),
    reported(`${name}: accepted wrongly, Wilson 95 % from`, least * 100, '%'),
    reported(`${name}: accepted wrongly, Wilson 95 % to`, most * 100, '%'),
  ];
}
