import { newId } from './ids';
import type { EntityManager } from './orm';

/** What was asked before under ids that begin alike: whether it was done, and how often it was denied. */
export async function earlierActs(
  em: EntityManager,
  { appealId, prefix }: { appealId: string; prefix: string },
): Promise<{ done: boolean; denied: number }> {
  const [row] = await em.execute<{ done: boolean; denied: number }[]>(
    `select coalesce(bool_or(denied is null), false) as done, count(denied)::int as denied from appeal_acts
     where appeal_id = ? and starts_with(update_id, ?)`,
    [appealId, prefix],
  );
  return row ?? { done: false, denied: 0 };
}

/** Keeps a question or an answer until the appeal's workflow has it sent. */
export async function saveMessage(
  em: EntityManager,
  message: { appealId: string; kind: 'question' | 'answer'; authorId: string; text: string },
): Promise<string> {
  const id = newId();
  await em.execute(`insert into appeal_messages (id, appeal_id, kind, author_id, text) values (?, ?, ?, ?, ?)`, [
    id,
    message.appealId,
    message.kind,
    message.authorId,
    message.text,
  ]);
  return id;
}

/** Forgets one whose sending was denied. */
export async function dropMessage(em: EntityManager, id: string): Promise<void> {
  await em.execute(`delete from appeal_messages where id = ? and sent_at is null`, [id]);
}
