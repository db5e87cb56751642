import { givenIds, idsOfPerson } from './erasure';
import { roleDenial } from './held-roles';
import type { EntityManager } from './orm';
import { isSuspended } from './suspensions';

/** Whether a column's person has the role of a reviewer and can act as one, as a condition in SQL. */
export const mayReview = (userId: string): string =>
  `(exists (select from user_roles role where role.user_id = ${userId} and role.role = 'reviewer') and not ${isSuspended(userId)})`;

/** A person who would review, as they are now: until the transaction ends nobody takes the role from them, or suspends them. */
export async function holdReviewer(
  tx: EntityManager,
  userId: string,
): Promise<{ ids: readonly string[]; mayReview: boolean }> {
  const denied = await roleDenial(tx, userId, 'reviewer');
  return { ids: await idsOfPerson(tx, userId), mayReview: denied === null };
}

/** Reviewers who may review what involves these people: none of them, nor whoever they were merged into. In one order. */
export async function eligibleReviewers(em: EntityManager, involvedIds: readonly string[]): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `with recursive involved as (
       select id, merged_into from users where id in ${givenIds}
       union select u.id, u.merged_into from users u join involved i on u.id = i.merged_into
     ) select u.id from users u where u.merged_into is null and ${mayReview('u.id')}
         and not exists (select from involved where involved.id = u.id) order by u.id`,
    [JSON.stringify(involvedIds)],
  );
  return rows.map(({ id }) => id);
}
