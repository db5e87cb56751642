import { newId } from '../../../../adapters/postgres/ids';
import type { EntityManager } from '../../../../adapters/postgres/orm';
import type { Harness } from '../harness';

/** Ids of things that belong to one person, one of each kind, and what they sign in with. */
export interface Owned {
  session: string;
  token: string;
  blockImport: string;
  connection: string;
  plan: string;
  run: string;
  /** A withdrawn source that the person's library was changed by. */
  restore: string;
  job: string;
  /** A private one. */
  list: string;
  export: string;
  identity: string;
  merge: string;
  notification: string;
  webhook: string;
  report: string;
}

/** Gives a person one thing of each kind. */
export async function giveThings({ api, rows }: Harness, userId: string): Promise<Owned> {
  const { em } = rows;
  const add = async (sql: string, values: unknown[] = []): Promise<string> => {
    const id = newId();
    await em.execute(sql, [id, userId, ...values]);
    return id;
  };
  const connection = await rows.connection(userId);
  await em.execute(
    `insert into connection_schedules (connection_id, mode, weekday, hour, time_zone, preset, next_due_at)
     values (?, 'notify', 'monday', 3, 'UTC', 'standard', now() + interval '1 day')`,
    [connection],
  );
  const { id: run, jobId: job } = await rows.run(userId, connection);
  const [token] = await em.execute<{ id: string }[]>(`select id from personal_tokens where user_id = ?`, [userId]);
  const { id: absorbedId } = await api.person();
  const caseId = newId();
  await em.execute(
    `insert into moderation_cases (id, subject_type, subject_id, origin, priority) values (?, 'offense', ?, 'report', 21)`,
    [caseId, newId()],
  );
  return {
    connection,
    run,
    restore: await withdrawnFrom(em, userId),
    job,
    token: token!.id,
    plan: await rows.plan(userId, connection),
    session: await add(
      `insert into sessions (id, user_id, token_hash, expires_at) values (?, ?, repeat('0', 64), now() + interval '1 day')`,
    ),
    blockImport: await add(
      `insert into block_imports (id, user_id, job_id, mode, dry_run, confirmed, total) values (?, ?, ?, 'merge', false, false, 0)`,
      [job],
    ),
    list: await add(
      `insert into community_lists (id, user_id, name, description, criteria, visibility) values (?, ?, 'Mine', '', '', 'private')`,
    ),
    export: await add(`insert into account_exports (id, user_id, job_id) values (?, ?, ?)`, [job]),
    identity: await add(`insert into identities (id, user_id, provider, subject) values (?, ?, 'google', ?)`, [
      newId(),
    ]),
    merge: await add(
      `insert into account_merges (id, survivor_id, absorbed_id, expires_at) values (?, ?, ?, now() + interval '1 hour')`,
      [absorbedId],
    ),
    notification: await add(
      `insert into notifications (id, user_id, type, subject_id, params)
       values (?, ?, 'run.finished', ?, '{"status": "completed"}')`,
      [run],
    ),
    report: await add(
      `insert into reports (id, user_id, case_id, category, receipt_hash) values (?, ?, ?, 'other', repeat('0', 64))`,
      [caseId],
    ),
    webhook: await add(
      `insert into webhooks (id, user_id, url, secret) values (?, ?, 'https://hooks.example/', 'sealed')`,
    ),
  };
}

async function withdrawnFrom(em: EntityManager, userId: string): Promise<string> {
  const id = newId();
  await em.execute(
    `insert into source_withdrawals (id, kind, list_id, artist_ids, keys) values (?, 'list', ?, '{}', '{}')`,
    [id, newId()],
  );
  await em.execute(`insert into withdrawal_notices (id, withdrawal_id, user_id) values (?, ?, ?)`, [
    newId(),
    id,
    userId,
  ]);
  return id;
}

/** Every row of a person's, but for when their token was used. */
export async function rowsOf(em: EntityManager, userId: string): Promise<unknown[]> {
  const tables = await em.execute<{ table: string; column: string }[]>(
    `select c.conrelid::regclass::text as "table", a.attname as "column" from pg_constraint c
     join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any(c.conkey)
     where c.contype = 'f' and c.confrelid = 'users'::regclass order by 1, 2`,
  );
  const found: unknown[] = [];
  for (const { table, column } of tables)
    found.push(
      await em.execute(
        `select to_jsonb(t) - 'last_used_at' as row from ${table} t where ${column} = ? order by to_jsonb(t)::text`,
        [userId],
      ),
    );
  return found;
}
