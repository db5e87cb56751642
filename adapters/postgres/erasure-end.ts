import { audit } from './audit';
import { givenIds, idsOfPerson } from './erasure';
import { forgetNames } from './kept-names';
import { eraseLists } from './list-erasure';
import type { EntityManager } from './orm';

/** How many consents were taken back at their providers, and how many could not be. */
export interface GrantCounts {
  revoked: number;
  alreadyGone: number;
  unsupported: number;
  failed: number;
}

/** A consent that is still held. */
export interface HeldGrant {
  ownerId: string;
  provider: string;
}

/** Whose tokens are still held, of sign-in accounts and connections. */
export async function heldGrants(em: EntityManager, userId: string): Promise<HeldGrant[]> {
  const ids = JSON.stringify(await idsOfPerson(em, userId));
  return em.execute<HeldGrant[]>(
    `select owner_id as "ownerId", provider from credentials where owner_id in (
       select id from identities where user_id in ${givenIds} union all select id from connections where user_id in ${givenIds}
     ) order by owner_id`,
    [ids, ids],
  );
}

/**
 * Removes everything of a person's in the caller's transaction: sessions first, then what refers to them by id alone, then
 * their row, and with it all that belongs to it. Audit rows stay: they hold ids, codes and counts, and the ids name nobody
 * any more. False where the person is gone already.
 */
export async function erasePerson(
  tx: EntityManager,
  { userId, grants, requestId }: { userId: string; grants: GrantCounts; requestId: string | null },
): Promise<boolean> {
  const found = await tx.execute<{ id: string }[]>(`select id from users where id = ? for update`, [userId]);
  if (found.length === 0) return false;
  const people = JSON.stringify(await idsOfPerson(tx, userId));
  await tx.execute(`select id from users where id in ${givenIds} order by id for update`, [people]);
  const ofPeople = (sql: string, times = 1) => tx.execute(sql, Array<string>(times).fill(people));

  await ofPeople(`delete from sessions where user_id in ${givenIds}`);
  await ofPeople(`delete from personal_tokens where user_id in ${givenIds}`);
  await ofPeople(
    `delete from credentials where owner_id in (
       select id from identities where user_id in ${givenIds} union all select id from connections where user_id in ${givenIds})`,
    2,
  );
  await ofPeople(
    `delete from provider_gate_turns where party in (select id from connections where user_id in ${givenIds})`,
  );
  const identities = await tx.execute<{ provider: string; subject: string }[]>(
    `select provider, subject from identities where user_id in ${givenIds} for update`,
    [people],
  );
  for (const identity of identities) await forgetNames(tx, identity);
  await forgetFlows(tx, people);
  await ofPeople(`update reports set contact = null where user_id in ${givenIds}`);
  await ofPeople(`delete from idempotency_keys where user_id in ${givenIds}`);
  await ofPeople(
    `delete from outbox where search_attributes->>'userId' in (select jsonb_array_elements_text(?::jsonb))`,
  );
  await forgetAppeals(tx, people);
  await ofPeople(`delete from account_merges where survivor_id in ${givenIds} or absorbed_id in ${givenIds}`, 2);
  await eraseLists(tx, people);
  await ofPeople(`delete from users where id in ${givenIds}`);
  audit(tx, {
    actorId: userId,
    event: 'user.erased',
    outcome: 'done',
    subjectType: 'user',
    subjectId: userId,
    details: { ...grants },
    requestId,
  });
  return true;
}

/**
 * What they said in appeals goes, and so does what was asked of them, what they would have decided, and why they were suspended. What
 * they decided stays as a decision, under nobody's name.
 */
async function forgetAppeals(tx: EntityManager, people: string): Promise<void> {
  await tx.execute(
    `delete from appeal_messages where appeal_id in (select id from appeals where user_id in ${givenIds})`,
    [people],
  );
  // Answers that are kept to be repeated, to whoever reviewed them.
  await tx.execute(
    `delete from idempotency_keys where body->>'id' in (select id::text from appeals where user_id in ${givenIds})`,
    [people],
  );
  await tx.execute(`update appeals set grounds = null where user_id in ${givenIds}`, [people]);
  await tx.execute(`delete from decision_drafts where used_at is null and user_id in ${givenIds}`, [people]);
  await tx.execute(
    `update decisions set facts = '', internal_note = null where subject_type = 'user' and subject_id in ${givenIds}`,
    [people],
  );
}

/** Flows that ended go on being counted, as nobody's; one that is under way ends here. */
async function forgetFlows(tx: EntityManager, people: string): Promise<void> {
  const theirs = `(user_id in ${givenIds} or result_user_id in ${givenIds})`;
  await tx.execute(`delete from oauth_transactions where finished_at is null and ${theirs}`, [people, people]);
  await tx.execute(
    `update oauth_transactions set cookie_hash = '', return_to = '', redirect_uri = '', request_id = null, user_id = null,
       connection_id = null, client_id = null, result_user_id = null, result_connection_id = null, result_job_id = null,
       flow_secrets = '', callback_secrets = null, raw_answer = null where ${theirs}`,
    [people, people],
  );
}
