import { type ActionType, actionTypes } from './reversibility';

/**
 * What is counted of a person day by day (UTC): `actions` that a run has done with, by type and outcome (see `countedAs`), on the day they
 * were settled · `runs` by type and status, on the day they ended · `items_kept_out` and `ms_kept_out` (playing time, milliseconds), as they
 * go up with what runs take out and down with what is brought back · `timed_kept_out`, those of the items whose playing time is known,
 * likewise · `blocks`, blocked artists, likewise.
 */
export const figures = ['actions', 'runs', 'items_kept_out', 'timed_kept_out', 'ms_kept_out', 'blocks'] as const;
export type Figure = (typeof figures)[number];

/** Which part of what could be done was: applied ÷ (applied + failed); what was skipped had nothing to be done. Null without any. */
export function successRate({ applied, failed }: Readonly<Record<'applied' | 'failed', number>>): number | null {
  return applied + failed === 0 ? null : applied / (applied + failed);
}

/** Actions that keep something out, where a run carries out blocks: all that take out but the list of what was removed. */
export const keepingOut: readonly ActionType[] = actionTypes.filter((type) => type !== 'list_removed_likes');

/** Of those, what has no playing time of its own. */
export const withoutPlayingTime: ReadonlySet<string> = new Set<ActionType>(['unfollow_artist', 'unfollow_playlist']);
