import { proxyActivities } from '@temporalio/workflow';
import type { createEnforcementActivities } from '../activities/enforcement';
import type { createExpiryActivities } from '../activities/expire-blocks';
import type { createJobActivities } from '../activities/jobs';
import type { createLibraryActivities } from '../activities/library';
import type { createPlanActivities } from '../activities/plans';
import type { createRunActivities } from '../activities/runs';
import type { createScheduleActivities } from '../activities/scheduled-enforcement';
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
  ReturnType<typeof createScheduleActivities>;

/** PostgreSQL only. */
export const data = proxyActivities<DataActivities>({ taskQueue: 'data', startToCloseTimeout: '2 minutes', retry });

type SpotifyActivities = ReturnType<typeof createLibraryActivities> & ReturnType<typeof createEnforcementActivities>;

/**
 * Slices of provider calls: they hand back after half a minute, and show every few seconds that they live, so that a dead
 * worker's slice is taken over soon.
 */
export const spotify = proxyActivities<SpotifyActivities>({
  taskQueue: 'spotify',
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '10s',
  retry,
});
