import { proxyActivities } from '@temporalio/workflow';
import type { createEnforcementActivities } from '../activities/enforcement';
import type { createExpiryActivities } from '../activities/expire-blocks';
import type { createJobActivities } from '../activities/jobs';
import type { createLibraryActivities } from '../activities/library';
import type { createPlanActivities } from '../activities/plans';
import type { createRunActivities } from '../activities/runs';
import type { createScheduleActivities } from '../activities/scheduled-enforcement';
import type { createSealActivities } from '../activities/seal-audit';
import type { createSweepActivities } from '../activities/sweep';

/**
 * Unknown errors are tried again for about ten minutes: long enough for a database's restart, short enough for a fault of
 * ours to end as a failed job that somebody sees.
 */
const retry = { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '20s', maximumAttempts: 35 } as const;

type DataActivities = ReturnType<typeof createPlanActivities> &
  ReturnType<typeof createJobActivities> &
  ReturnType<typeof createRunActivities> &
  ReturnType<typeof createSweepActivities> &
  ReturnType<typeof createExpiryActivities> &
  ReturnType<typeof createScheduleActivities> &
  ReturnType<typeof createSealActivities>;

/** PostgreSQL only. */
export const data = proxyActivities<DataActivities>({ taskQueue: 'data', startToCloseTimeout: '2 minutes', retry });

type ProviderActivities = ReturnType<typeof createLibraryActivities> & ReturnType<typeof createEnforcementActivities>;

/**
 * Slices of provider calls: they hand back after half a minute, and show every few seconds that they live, so that a dead
 * worker's slice is taken over soon.
 */
const sliceOptions = { startToCloseTimeout: '5 minutes', heartbeatTimeout: '10s', retry } as const;
export const spotify = proxyActivities<ProviderActivities>({ taskQueue: 'spotify', ...sliceOptions });
const appleMusic = proxyActivities<ProviderActivities>({ taskQueue: 'apple-music', ...sliceOptions });

/** In the input of workflows that call a streaming provider, and passed on by them; Spotify where it says nothing. */
export interface AtProvider {
  provider?: 'apple_music';
}

/** The provider's own task queue, so that one that is slow holds nobody else up. */
export const slicesAt = ({ provider }: AtProvider): typeof spotify =>
  provider === 'apple_music' ? appleMusic : spotify;
