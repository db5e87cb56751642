import { notByEmail } from '../../domain/announcement-preferences';
import { announcementRules, subjectOf, type Announcement, type AnnouncementType } from '../../domain/announcements';
import { emailWaitHours, type EmailEnd } from '../../domain/email-schedule';
import { verifiedAddress } from './email-address';
import { givenIds } from './erasure';
import { newId } from './ids';
import type { EntityManager } from './orm';
import { enqueueStart } from './outbox';
import { wanted, wantedOf } from './wanted-channels';

/**
 * Has people told by e-mail who want that and have an address that was verified, in the caller's transaction: with one statement for
 * however many. What waits already is told as it stands now; what has nothing to say any more is marked.
 */
export async function writeEmails(
  em: EntityManager,
  userIds: readonly string[],
  announcement: Announcement,
): Promise<void> {
  const { type, params } = announcement;
  const subjectId = subjectOf(announcement);
  const { settles } = announcementRules[type];
  if (settles.length > 0)
    await em.execute(
      `update emails set settled = true where user_id in ${givenIds} and subject_id = ? and finished_at is null
         and type in (select jsonb_array_elements_text(?::jsonb))`,
      [JSON.stringify(userIds), subjectId, JSON.stringify(settles)],
    );
  if (notByEmail.includes(type)) return;
  await em.execute(
    `insert into emails (id, user_id, type, subject_id, params)
     select r.id, u.id, ?, ?, ?::jsonb from jsonb_to_recordset(?::jsonb) as r(id uuid, "userId" uuid) join users u on u.id = r."userId"
     where ${wanted} and ${verifiedAddress} is not null order by u.id
     on conflict (user_id, type, subject_id) where status = 'waiting'
       do update set params = excluded.params, created_at = now(), settled = false`,
    [
      type,
      subjectId,
      JSON.stringify(params),
      JSON.stringify(userIds.map((userId) => ({ id: newId(), userId }))),
      ...wantedOf(type, 'email'),
    ],
  );
}

/** Ends e-mails that waited for nothing: they are settled, too old, or nothing is sent from here. Returns how many. */
export async function dropWaiting(em: EntityManager, { sending }: { sending: boolean }): Promise<number> {
  const rows = await em.execute<{ n: number }[]>(
    `with dropped as (
       update emails set status = 'dropped', finished_at = now(),
         failure_code = case when not ?::boolean then 'not_configured' when settled then 'settled' else 'too_old' end
       where status = 'waiting' and (not ?::boolean or settled or created_at < now() - make_interval(hours => ?)) returning 1)
     select count(*)::int as n from dropped`,
    [sending, sending, emailWaitHours],
  );
  return rows[0]?.n ?? 0;
}

/** Puts the starts of workflows for e-mails that wait into the outbox, at most `limit`; returns their ids, for after the commit. */
export async function takeWaiting(em: EntityManager, limit: number): Promise<string[]> {
  return em.transactional(async (tx) => {
    const rows = await tx.execute<{ id: string; user_id: string }[]>(
      `update emails set status = 'sending' where id in (
         select id from emails where status = 'waiting' order by id limit ? for update skip locked) returning id, user_id`,
      [limit],
    );
    return rows.map(({ id, user_id: userId }) =>
      enqueueStart(tx, {
        workflowType: 'sendEmail',
        workflowId: `email:${id}`,
        input: { emailId: id },
        searchAttributes: { userId, jobType: 'email' },
        requestId: null,
      }),
    );
  });
}

/** An e-mail that has not ended, as things stand now. */
export interface OpenEmail {
  userId: string;
  type: AnnouncementType;
  params: Record<string, string | number>;
  /** Null where no address of theirs is verified any more. */
  to: string | null;
  settled: boolean;
  /** Whether they want it still. */
  isWanted: boolean;
  createdAt: Date;
}

/** Null where it has ended or went with its person. Who was merged into another one is asked and written to as that one. */
export async function findOpenEmail(em: EntityManager, id: string): Promise<OpenEmail | null> {
  const [found] = await em.execute<{ type: AnnouncementType }[]>(
    `select type from emails where id = ? and finished_at is null`,
    [id],
  );
  if (!found) return null;
  const [row] = await em.execute<(Omit<OpenEmail, 'createdAt'> & { created_at: string })[]>(
    `select u.id as "userId", e.type, e.params, ${verifiedAddress} as "to", e.settled, ${wanted} as "isWanted", e.created_at
     from emails e join users p on p.id = e.user_id join users u on u.id = coalesce(p.merged_into, p.id)
     where e.id = ? and e.finished_at is null`,
    [...wantedOf(found.type, 'email'), id],
  );
  if (!row) return null;
  const { created_at: createdAt, ...email } = row;
  return { ...email, createdAt: new Date(createdAt) };
}

/** Ends an e-mail that is not sent. Returns whether it had not ended before. */
export async function dropEmail(em: EntityManager, id: string, failureCode: string): Promise<boolean> {
  const rows = await em.execute<{ id: string }[]>(
    `update emails set status = 'dropped', failure_code = ?, finished_at = now() where id = ? and finished_at is null returning id`,
    [failureCode, id],
  );
  return rows.length > 0;
}

/** Writes a try down; `end` is null where there will be another. Returns whether the e-mail had not ended before. */
export async function recordEmailAttempt(
  em: EntityManager,
  id: string,
  attempt: { end: EmailEnd | null; failureCode: string | null; reply: number | null },
): Promise<boolean> {
  const rows = await em.execute<{ id: string }[]>(
    `update emails set status = coalesce(?, status), attempts = attempts + 1, failure_code = ?, reply = ?, attempted_at = now(),
       finished_at = case when ?::text is not null then now() end where id = ? and finished_at is null returning id`,
    [attempt.end, attempt.failureCode, attempt.reply, attempt.end, id],
  );
  return rows.length > 0;
}
