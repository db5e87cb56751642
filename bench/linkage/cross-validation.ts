import { recordingFeatures } from '../../domain/linkage/recording-features';
import { logOdds } from '../../domain/linkage/weights';
import { type Example, fitWeights } from './fit';

/** Two recordings that were compared, by their positions. */
export interface ComparedPair extends Example {
  one: number;
  other: number;
}

/**
 * Log odds for each pair by weights that were fitted without either of its recordings' clusters, or any pair with a
 * recording of the first one's fold. Clusters are dealt to folds by a hash of their name, so that it is the same each time.
 */
export function crossValidatedOdds(pairs: readonly ComparedPair[], truth: readonly string[], folds: number): number[] {
  const foldOf = truth.map((cluster) => hash(cluster) % folds);
  const models = Array.from({ length: folds }, (_, fold) =>
    fitWeights(
      pairs.filter(({ one, other }) => foldOf[one] !== fold && foldOf[other] !== fold),
      recordingFeatures,
    ),
  );
  return pairs.map(({ one, features }) => {
    const weights = models[foldOf[one] ?? 0];
    return weights ? logOdds(weights, recordingFeatures, features) : 0;
  });
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const letter of text) value = Math.imul(value ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b) >>> 0;
  return (value ^ (value >>> 13)) >>> 0;
}
