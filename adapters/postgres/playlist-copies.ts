import type { ActionBefore } from './journal';
import type { EntityManager } from './orm';

/** The tracks that a plan found in a playlist by more than a name: what a copy of it leaves out. */
export async function tracksLeftOut(
  em: EntityManager,
  planId: string | null,
  playlistId: string | null,
): Promise<Set<string>> {
  const rows = await em.execute<{ uri: string }[]>(
    `select uri from plan_items where plan_id = ? and playlist_id = ? and item_type = 'manual' and not needs_review`,
    [planId, playlistId],
  );
  return new Set(rows.map(({ uri }) => uri));
}

/** Takes down what an action's copy is to hold and how much of it is sent at most, in place of what was noted before. */
export async function noteCopy(
  tx: EntityManager,
  actionId: string,
  copy: NonNullable<ActionBefore['copy']>,
): Promise<void> {
  await tx.execute(`update actions set before = coalesce(before, '{}') || ?::jsonb where id = ?`, [
    JSON.stringify({ copy }),
    actionId,
  ]);
}
