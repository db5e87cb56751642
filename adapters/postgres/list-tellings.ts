import type { AnnouncementParams } from '../../domain/announcements';
import { announceToMany } from './announcements';
import { isRestricted } from './lists';
import type { EntityManager } from './orm';

/** People who are told in one transaction. */
const atOnce = 100;

interface Telling {
  versionId: string;
  toldUntil: string | null;
  createdAt: string;
  /** Whether the version still counts, of a list that takes effect. */
  stands: boolean;
  params: AnnouncementParams['list.version_published'];
}

/**
 * Tells subscribers of new versions, version by version, until all are told or `seconds` are over. Whom a batch tells and how far it came
 * is one transaction: whatever dies, each is told once.
 * @returns how many were told
 */
export async function tellSubscribers(em: EntityManager, seconds: number): Promise<number> {
  const end = Date.now() + seconds * 1_000;
  let told = 0;
  while (Date.now() < end) {
    const batch = await em.fork().transactional(tellBatch);
    if (batch === null) return told;
    told += batch;
  }
  return told;
}

/** @returns how many were told; null where nobody is left to tell, or others are at it */
async function tellBatch(tx: EntityManager): Promise<number | null> {
  const telling = await holdTelling(tx);
  if (!telling) return null;
  const page = telling.stands ? await nextSubscribers(tx, telling) : [];
  const people = page.filter(({ told }) => told).map(({ userId }) => userId);
  if (people.length > 0) await announceToMany(tx, people, { type: 'list.version_published', params: telling.params });
  await tx.execute(
    `update list_version_tellings set told_until = coalesce(?::uuid, told_until), finished_at = ${page.length < atOnce ? 'now()' : 'null'} where version_id = ?`,
    [page.at(-1)?.userId ?? null, telling.versionId],
  );
  return people.length;
}

async function holdTelling(tx: EntityManager): Promise<Telling | null> {
  const [row] = await tx.execute<Telling[]>(
    `select t.version_id as "versionId", t.told_until as "toldUntil", t.created_at as "createdAt", v.state = 'published' and not ${isRestricted} as stands,
       jsonb_build_object('listId', l.id, 'number', v.number, 'added', v.added, 'removed', v.removed) as params
     from list_version_tellings t join list_versions v on v.id = t.version_id join community_lists l on l.id = v.list_id
     where t.finished_at is null order by t.created_at, t.version_id limit 1 for update of t skip locked`,
  );
  return row ?? null;
}

/**
 * In one order, since telling holds off others who tell the same person. Not `told` is who came later, having seen the version, and what
 * is set aside for an account that was merged.
 */
async function nextSubscribers(
  tx: EntityManager,
  { params, toldUntil, createdAt }: Telling,
): Promise<{ userId: string; told: boolean }[]> {
  return tx.execute<{ userId: string; told: boolean }[]>(
    `select s.user_id as "userId", s.created_at <= ?::timestamptz and u.merged_into is null as told
     from (select user_id, created_at from list_subscriptions
       where list_id = ? and user_id > coalesce(?::uuid, '00000000-0000-0000-0000-000000000000') order by user_id limit ?) s
     join users u on u.id = s.user_id order by s.user_id`,
    [createdAt, params.listId, toldUntil, atOnce],
  );
}
