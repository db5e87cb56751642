import type { z } from 'zod';
import type { RemovedAction, SkippedRestore } from '../../../adapters/postgres/removed-items';
import { presentPreview } from '../enforcement/run-presenters';
import type { artistRestorePreviewSchema } from './restore-schema';
import { byConnection } from './start-restores';

const mostSkipped = 500;

/** What would come back over several connections, and what something else still wants out. */
export function presentRestorePreview({
  restored,
  skipped,
}: {
  restored: RemovedAction[];
  skipped: SkippedRestore[];
}): z.input<typeof artistRestorePreviewSchema> {
  const listed = presentPreview(restored);
  const idsOf = ({ runId, connectionId }: RemovedAction) => ({ runId, connectionId });
  return {
    ...listed,
    items: listed.items.map((item, n) => ({ ...item, ...idsOf(restored[n]!) })),
    byConnection: byConnection(restored).map(([connectionId, { length: total }]) => ({ connectionId, total })),
    skippedTotal: skipped.length,
    skipped: skipped.slice(0, mostSkipped).map(({ action, reason, blockedBy }) => ({
      ...idsOf(action),
      actionId: action.id,
      itemType: action.itemType,
      name: action.name,
      playlistId: action.playlistId,
      reason,
      blockedBy,
    })),
  };
}
