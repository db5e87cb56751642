import { Counter, type Registry } from 'prom-client';
import { isRating } from '../../domain/batches';
import { providers, type StreamingProvider } from '../../domain/capabilities';
import { actionTypes, restoreTypes } from '../../domain/reversibility';
import { terminalRunStatuses } from '../../domain/runs';
import type { RunEnd } from '../postgres/run-end';
import { type OnSettled, settledOutcomes } from '../postgres/run-state';

export interface RunCounters {
  /** Told once a run's end is saved. */
  onRunEnd: (end: RunEnd) => void;
  /** Told once ends of actions are saved. */
  onSettled: OnSettled;
}

/**
 * `dnp_enforcement_runs_total` and `dnp_enforcement_actions_total`: ends of runs and of their actions, also of rollbacks. What is tried
 * again after a run's end counts again, as does the run's new end; what a process saved and didn't live to count is missing. All
 * begin at 0, so that the first failure shows as a rise.
 */
export function runCounters(registry: Registry): RunCounters {
  const runs = new Counter({
    name: 'dnp_enforcement_runs_total',
    help: 'Runs and rollbacks that ended, by how.',
    labelNames: ['provider', 'status'],
    registers: [registry],
  });
  const actions = new Counter({
    name: 'dnp_enforcement_actions_total',
    help: 'Actions of runs and rollbacks that were settled: applied, skipped or failed.',
    labelNames: ['provider', 'type', 'outcome'],
    registers: [registry],
  });
  for (const provider of providers) for (const status of terminalRunStatuses) runs.inc({ provider, status }, 0);
  for (const type of [...actionTypes, ...restoreTypes, 'copy_playlist'] as const)
    for (const outcome of settledOutcomes) actions.inc({ provider: providerOf(type), type, outcome }, 0);
  const onSettled: OnSettled = (provider, settled) => {
    for (const { type, outcome } of settled) actions.inc({ provider, type, outcome });
  };
  return {
    onSettled,
    onRunEnd: ({ provider, status, settled }) => {
      runs.inc({ provider, status });
      onSettled(provider, settled);
    },
  };
}

/** Where actions of a type are done. */
const providerOf = (type: Parameters<typeof isRating>[0] | 'copy_playlist'): StreamingProvider =>
  type === 'copy_playlist' || isRating(type) ? 'apple_music' : 'spotify';
