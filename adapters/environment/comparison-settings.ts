import type { Config } from './config';

/** By what rules figures are released to compare with; ε in thousandths, in which it is counted. */
export interface ComparisonSettings {
  epsilonMilli: number;
  /** Of all releases together. */
  capMilli: number;
  everyDays: number;
  threshold: number;
}

export function comparisonSettings(
  config: Pick<
    Config,
    'COMPARATIVE_EPSILON' | 'COMPARATIVE_EPSILON_CAP' | 'COMPARATIVE_EVERY_DAYS' | 'COMPARATIVE_THRESHOLD'
  >,
): ComparisonSettings {
  return {
    epsilonMilli: Math.round(config.COMPARATIVE_EPSILON * 1_000),
    capMilli: Math.round(config.COMPARATIVE_EPSILON_CAP * 1_000),
    everyDays: config.COMPARATIVE_EVERY_DAYS,
    threshold: config.COMPARATIVE_THRESHOLD,
  };
}
