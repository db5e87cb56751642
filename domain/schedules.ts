/** What runs by the clock: the schedule's id at Temporal, which is its workflow's id too, and how often. */
export interface Schedule {
  id: string;
  workflowType: string;
  everySeconds: number;
  /** Each run comes up to so many seconds later, so that not everything begins at once. */
  jitterSeconds: number;
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
];
