/**
 * Where work is done. An activity that waits for a workflow runs on another queue than that workflow's activities,
 * otherwise the waiting ones take every slot that the awaited one needs.
 */
export const taskQueues = {
  workflows: 'workflows',
  /** Exchange, refresh, probe: short, and waits on nothing. */
  credentials: 'credentials',
  /** Calls to Spotify's Web API; may wait for a refresh. */
  spotify: 'spotify',
  /** Calls to Apple Music's API. */
  appleMusic: 'apple-music',
  /** PostgreSQL only. */
  data: 'data',
  /** Writes to the vector tables; one at a time. */
  index: 'index',
} as const;
