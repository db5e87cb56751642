/** What comes of the end of a temporary block: what it took out stays out, or is brought back. */
export const expiryChoices = ['keep', 'restore'] as const;
export type ExpiryChoice = (typeof expiryChoices)[number];

/**
 * How bringing back stands: `waiting` for its connection · `started` as a run of its own · `nothing` was there to bring back ·
 * `superseded` by a new block of the same · `given_up`, since its connection could not be used for too long.
 */
export type BlockRestoreStatus = 'waiting' | 'started' | 'nothing' | 'superseded' | 'given_up';

/** Why bringing back cannot begin now. */
export type RestoreObstacle = 'connection_busy' | 'connection_unusable';

/** A run ends within minutes or hours; a person who has to renew a connection takes longer. Seconds. */
const nextTryAfter: Readonly<Record<RestoreObstacle, number>> = { connection_busy: 60, connection_unusable: 3_600 };

/** For so long after a block's end its promise is kept; after that the person has it done by hand. Seconds. */
const keptFor = 30 * 24 * 3_600;

/** Seconds until the next try, or null where it is given up. `since`: seconds since the block ended. */
export function nextRestoreTry(obstacle: RestoreObstacle, since: number): number | null {
  return since >= keptFor ? null : nextTryAfter[obstacle];
}
