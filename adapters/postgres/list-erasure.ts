import { givenIds } from './erasure';
import { noteSubscribersLeaving } from './list-growth';
import { artistsEverPublished } from './list-versions';
import type { EntityManager } from './orm';
import { withdrawSource } from './source-changes';

/**
 * What of lists goes with people who are erased; `people` are their ids as JSON. Their private lists and their open proposals go. Lists
 * that others read stay, as nobody's: others go by them. What was decided of their proposals is the list's history, as nobody's, too.
 */
export async function eraseLists(tx: EntityManager, people: string): Promise<void> {
  const gone = await tx.execute<{ id: string }[]>(
    `select id from community_lists where user_id in ${givenIds} and visibility = 'private' order by id for update`,
    [people],
  );
  // Curators may go by them.
  for (const { id: listId } of gone) {
    const artistIds = await artistsEverPublished(tx, listId);
    if (artistIds.length > 0)
      await withdrawSource(tx, { source: { kind: 'list', listId }, artistIds, decisionId: null });
  }
  await tx.execute(`delete from community_lists where id in ${givenIds}`, [JSON.stringify(gone.map(({ id }) => id))]);
  await tx.execute(`delete from list_proposals where state = 'open' and user_id in ${givenIds}`, [people]);
  await noteSubscribersLeaving(tx, people);
}
