/** What runs by the clock: the schedule's id at Temporal, which is its workflow's id too, and how often. */
export interface Schedule {
  id: string;
  workflowType: string;
  everySeconds: number;
  /** From the hour, the day, … of UTC on; none where it is not said. */
  offsetSeconds?: number;
  /** Each run comes up to so many seconds later, so that not everything begins at once. */
  jitterSeconds: number;
  /** How late a run may begin that was due while Temporal was away: a minute where it is not said. */
  catchUpSeconds?: number;
  input?: Readonly<Record<string, string | number | boolean | null>>;
}

/** None more often than once a minute. */
export const schedules: readonly Schedule[] = [
  { id: 'sweep', workflowType: 'sweep', everySeconds: 60, jitterSeconds: 5 },
  { id: 'expire-blocks', workflowType: 'expireBlocks', everySeconds: 60, jitterSeconds: 10 },
  { id: 'tell-of-withdrawals', workflowType: 'tellOfWithdrawals', everySeconds: 60, jitterSeconds: 10 },
  { id: 'seal-audit', workflowType: 'sealAudit', everySeconds: 60, jitterSeconds: 10 },
  { id: 'scheduled-enforcement', workflowType: 'scheduledEnforcement', everySeconds: 60, jitterSeconds: 10 },
  { id: 'maintain-connections', workflowType: 'maintainConnections', everySeconds: 300, jitterSeconds: 60 },
  {
    id: 'sync-graph',
    workflowType: 'syncGraph',
    everySeconds: 60,
    jitterSeconds: 10,
    input: { jobId: null, full: false },
  },
  {
    id: 'index-artists',
    workflowType: 'indexArtists',
    everySeconds: 60,
    jitterSeconds: 10,
    input: { jobId: null, full: false },
  },
  {
    id: 'snapshot-analytics',
    workflowType: 'snapshotAnalytics',
    everySeconds: 86_400,
    offsetSeconds: 1_800,
    jitterSeconds: 600,
    catchUpSeconds: 86_400,
  },
];
