import type { Match } from './matching';
import type { PlannedItem } from './planned-item';

/** What a schedule does with what it finds: the person gets the plan, or it is carried out. */
export const scheduleModes = ['notify', 'apply'] as const;
export type ScheduleMode = (typeof scheduleModes)[number];

/**
 * How one turn of a schedule ended: `nothing` was to be done · `notified` the person has the plan, with the reason · `applied` as a
 * run · `skipped`, since the person or the connection no longer lets it · `failed`, no plan could be made.
 */
export const scheduledEnds = ['nothing', 'notified', 'applied', 'skipped', 'failed'] as const;
export type ScheduledEnd = (typeof scheduledEnds)[number];

/** Why a person gets a plan that nobody carried out; `by_hand`: only they can do what it holds. */
export type NotifyReason = 'asked_to_notify' | 'above_cap' | 'connection_busy' | 'plan_stale' | 'by_hand';

/** How much may go without anybody looking on: so many items, or so much of the library, whichever is more. */
export interface UnattendedCap {
  items: number;
  percent: number;
}

export const mostUnattended = (cap: UnattendedCap, librarySize: number): number =>
  Math.max(cap.items, Math.floor((librarySize * cap.percent) / 100));

/** What is to be done with a plan that is ready. */
export function decideScheduled(plan: {
  mode: ScheduleMode;
  /** Items that it would take out. */
  items: number;
  /** Items of its checklist that ids speak for. */
  byHand: number;
  most: number;
  connectionBusy: boolean;
}): 'nothing' | 'apply' | NotifyReason {
  if (plan.items === 0) return plan.byHand > 0 ? 'by_hand' : 'nothing';
  if (plan.mode === 'notify') return 'asked_to_notify';
  if (plan.items > plan.most) return 'above_cap';
  return plan.connectionBusy ? 'connection_busy' : 'apply';
}

/** One thing in one place, whatever run took it out. */
export const placeOf = (item: { itemType: string; uri: string; playlistId: string | null }): string =>
  `${item.itemType} ${item.playlistId ?? ''} ${item.uri}`;

/** When a person last changed their own blocks: of artists by their id, of tracks by theirs. */
export interface BlockChanges {
  artists: ReadonlyMap<string, Date>;
  tracks: ReadonlyMap<string, Date>;
}

/**
 * Leaves out of a plan what its person had brought back, unless they changed a block that it matches since. `broughtBack`: when,
 * by `placeOf`.
 */
export function leaveBroughtBack(
  items: readonly PlannedItem[],
  broughtBack: ReadonlyMap<string, Date>,
  changes: BlockChanges,
): PlannedItem[] {
  return items.map((item) => {
    const at = item.included && broughtBack.get(placeOf({ ...item, playlistId: item.playlistProviderId }));
    if (!at || item.matches.some((match) => !match.needsReview && changedSince(match, changes, at))) return item;
    return { ...item, included: false };
  });
}

function changedSince({ evidence, artistId }: Match, { artists, tracks }: BlockChanges, at: Date): boolean {
  const changed = evidence.kind === 'blocked_track' ? tracks.get(evidence.detail) : artists.get(artistId);
  return changed !== undefined && changed > at;
}
