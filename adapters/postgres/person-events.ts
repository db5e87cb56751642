import type { EntityManager } from './orm';

export interface PersonEventRow {
  id: number;
  userId: string;
  type: string;
  params: Record<string, string | number>;
  createdAt: Date;
}

/** Days for which an event can be asked for again. */
const keptDays = 7;
/** Events of one person that are read at once; the rest follow. */
const atOnce = 100;

/** The id of a person's last event; 0 where there is none. */
export async function lastEventOf(em: EntityManager, userId: string): Promise<number> {
  const [row] = await em.execute<{ id: string | number }[]>(
    `select coalesce(max(id), 0) as id from person_events where user_id = ?`,
    [userId],
  );
  return Number(row?.id ?? 0);
}

/** What each person is told after an id, oldest first. */
export async function eventsAfter(
  em: EntityManager,
  people: readonly { userId: string; id: number }[],
): Promise<PersonEventRow[]> {
  const rows = await em.execute<
    {
      id: string | number;
      user_id: string;
      type: string;
      params: PersonEventRow['params'];
      created_at: string;
    }[]
  >(
    `select e.id, e.user_id, e.type, e.params, e.created_at
     from jsonb_to_recordset(?::jsonb) as w("userId" uuid, id bigint)
     cross join lateral (select * from person_events p where p.user_id = w."userId" and p.id > w.id order by p.id limit ?) e
     order by e.id`,
    [JSON.stringify(people), atOnce],
  );
  return rows.map((row) => ({
    id: Number(row.id),
    userId: row.user_id,
    type: row.type,
    params: row.params,
    createdAt: new Date(row.created_at),
  }));
}

/** Removes events, messages to webhooks and e-mails that nobody asks for any more, and secrets that no longer sign. */
export async function forgetAnnouncements(em: EntityManager): Promise<void> {
  for (const table of ['person_events', 'webhook_deliveries', 'emails'])
    await em.execute(`delete from ${table} where created_at < now() - make_interval(days => ?)`, [keptDays]);
  await em.execute(
    `update webhooks set former_secret = null, former_secret_until = null where former_secret_until < now()`,
  );
}
