/** What helps with an action that did not come about. */
export const repairs = ['retry', 'reconnect', 'by_hand', 'nothing'] as const;
export type Repair = (typeof repairs)[number];

/** By outcome code. What is not named here may pass, so it is worth another try. */
const repairOf: Readonly<Record<string, Repair>> = {
  // Renewing the consent brings the scope, or the app's users, in order.
  forbidden: 'reconnect',
  scope_missing: 'reconnect',
  app_user_not_allowed: 'reconnect',
  app_owner_not_premium: 'reconnect',
  connection_disconnected: 'nothing',
  // The provider takes no such call: an artist's follow, a local file, a track whose copy in this country has another id.
  unsupported: 'by_hand',
  invalid: 'by_hand',
  relinked: 'by_hand',
  playlist_gone: 'nothing',
  not_found: 'nothing',
};

/**
 * How somebody can get an action done that failed, or that was skipped because the provider has no call for it; null where
 * there is nothing to repair.
 */
export function repairFor(action: { status: string; outcomeCode: string | null }): Repair | null {
  if (action.status === 'skipped') return action.outcomeCode === 'unsupported' ? 'by_hand' : null;
  if (action.status !== 'failed') return null;
  return repairOf[action.outcomeCode ?? ''] ?? 'retry';
}
