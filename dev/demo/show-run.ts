import type { Run } from './contract';
import { DemoFailure } from './demo-failure';
import type { Story } from './story';

/**
 * Prints how a run or rollback ended, with its receipt.
 *
 * @throws DemoFailure where it did not complete, or leaves something unexplained
 */
export async function showRun({ say, person }: Pick<Story, 'say' | 'person'>, runId: string): Promise<void> {
  const { runType, status, counts, receipt, providerCalls } = await person.get<Run>(`enforcement/runs/${runId}`);
  say(
    `  ${runType === 'enforce' ? 'Run' : 'Rollback'} ${status}: ${counts.applied} applied, ${counts.skipped} skipped, ${counts.failed} failed; ${providerCalls} provider calls.`,
  );
  if (receipt)
    say(
      `  Receipt: ${receipt.untouched} untouched, ${receipt.removed} removed, ${receipt.rated === undefined ? '' : `${receipt.rated} rated "Suggest Less", `}${receipt.restored} restored, ${receipt.unexplained} unexplained.`,
    );
  if (status !== 'completed') throw new DemoFailure(`It ended ${status}.`);
  if (receipt?.unexplained !== 0) throw new DemoFailure('The receipt leaves something unexplained.');
}

/** Losses with how many items have each, in words. */
export function lossesIn(byLoss: Record<string, number>): string {
  return (
    Object.entries(byLoss)
      .map(([loss, count]) => `${loss} of ${count}`)
      .join(', ') || 'nothing'
  );
}
