import type { Milestone } from '../../../adapters/postgres/job-reads';

type Params = Milestone['params'];

const outcome = ({ applied = 0, skipped = 0, failed = 0 }: Params) =>
  `${applied} done, ${skipped} skipped, ${failed} failed`;

const imported = ({ created = 0, changed = 0, withdrawn = 0, doubtful = 0, invalid = 0 }: Params) =>
  `${created} new blocks, ${changed} changed, ${withdrawn} withdrawn, ${doubtful} rows in doubt, ${invalid} not readable`;

const revocation: Readonly<Record<string, string>> = {
  true: 'Its provider took our access back.',
  false: 'Its provider did not take our access back: do that in your account there.',
  unsupported: 'Its provider has no way for us to give our access back: do that in your account there.',
};

const sentences: Readonly<Record<string, (params: Params) => string>> = {
  job_cancelled: () => 'The work was stopped; what was done stays.',
  library_synced: () => 'The library has been read.',
  library_sync_failed: () => 'The library could not be read.',
  blocks_imported: (params) => `The file is imported: ${imported(params)}.`,
  blocks_import_tried: (params) => `Nothing was changed. Importing the file would come to this: ${imported(params)}.`,
  blocks_import_waits: (params) =>
    `The file is imported: ${imported(params)}. Blocks that are not in it stay until you confirm, since some rows could not be read.`,
  blocks_import_failed: () => 'The file could not be imported to its end; what was done stays.',
  catalog_imported: ({ created = 0, changed = 0, unchanged = 0, conflict = 0, invalid = 0 }) =>
    `The file is in the catalog: ${created} new, ${changed} changed, ${unchanged} as they were, ${conflict} whose ids disagree, ${invalid} not readable.`,
  catalog_import_failed: () => 'The file could not be imported to its end; what was taken stays.',
  export_ready: () => 'The file with everything you have here is ready.',
  export_failed: () => 'The file could not be made.',
  connection_disconnected: () => 'The connection is removed, with everything that was known of it here.',
  identity_unlinked: ({ revokedAtProvider }) =>
    `The sign-in account is removed. ${revocation[String(revokedAtProvider)] ?? ''}`.trim(),
  vault_rotated: ({ moved = 0, left = 0 }) =>
    `${moved} sealed values are under the newest key now; ${left} could not be opened and stay as they are.`,
  vault_rotation_failed: ({ moved = 0 }) => `The rotation failed after ${moved} values; start it again to go on.`,
  graph_synced: ({ artists = 0, tracks = 0, collaborations = 0, removed = 0 }) =>
    `The artist graph is in step: ${artists} artists, ${tracks} tracks and ${collaborations} collaborations written, ${removed} removed.`,
  graph_sync_failed: () => 'The artist graph could not be brought in step; it stays as far as it was.',
  artists_indexed: ({ written = 0, removed = 0, merged = 0, queued = 0 }) =>
    `The index of artists is in step: ${written} rows written, ${removed} removed; ${merged} artists were merged, ${queued} pairs wait for review.`,
  indexing_failed: () => 'The index of artists could not be brought in step; it stays as far as it was.',
  appeal_decided: ({ outcome }) => `The appeal is decided: ${String(outcome)}. The reasons are in the appeal.`,
  appeal_withdrawn: () => 'The appeal is withdrawn.',
  accounts_merged: () => 'The two accounts are one now; you can undo that for a day.',
  accounts_parted: () => 'The accounts are two again.',
  plan_ready: ({ total = 0, included = 0 }) => `The plan is ready: ${included} of ${total} items are included.`,
  enforce_completed: (params) => `The run is complete: ${outcome(params)}.`,
  enforce_partially_completed: (params) => `The run ended with failures: ${outcome(params)}.`,
  enforce_cancelled: (params) => `The run was cancelled: ${outcome(params)}.`,
  enforce_failed: (params) => `The run failed: ${outcome(params)}.`,
  enforce_needs_attention: (params) => `The run needs your attention: ${outcome(params)}.`,
  restore_completed: (params) => `What the file has is back: ${outcome(params)}.`,
  restore_partially_completed: (params) => `Restoring from the file ended with failures: ${outcome(params)}.`,
  restore_cancelled: (params) => `Restoring from the file was cancelled: ${outcome(params)}.`,
  restore_failed: (params) => `Restoring from the file failed: ${outcome(params)}.`,
  restore_needs_attention: (params) => `Restoring from the file needs your attention: ${outcome(params)}.`,
  rollback_completed: (params) => `The rollback is complete: ${outcome(params)}.`,
  rollback_cancelled: (params) => `The rollback was cancelled: ${outcome(params)}.`,
  rollback_needs_attention: (params) => `The rollback needs your attention: ${outcome(params)}.`,
};

/** A milestone as a sentence for somebody who listens to it; of a code without one, the code in words. */
export function milestoneText({ code, params }: Pick<Milestone, 'code' | 'params'>): string {
  const words = code.replaceAll('_', ' ');
  return sentences[code]?.(params) ?? `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
