import { MikroORM } from '@mikro-orm/postgresql';
import { migrationOptions } from '../../adapters/postgres/migrate';
import type { EntityManager } from '../../adapters/postgres/orm';

/** The last migration before anybody's figures were kept. */
const beforeFigures = '20261129080600_source_withdrawals';

/** The id of the nth of a kind, as SQL. */
const idOf = (kind: string, n: string): string => `md5('${kind}' || ${n})::uuid`;
/** A whole number below `most`, as SQL, the same for the same `n` and `salt`. */
const below = (most: number, n: string, salt: string): string =>
  `(('x' || substr(md5('${salt}' || ${n}), 1, 7))::bit(28)::int % ${most})`;

const runsEach = 5;
const blocksEach = 20;
const artists = 2_000;
const days = 730;

/**
 * Fills a database that has no figures yet: people with a connection each (every third at Apple Music), five runs of theirs over two
 * years, every fifth a rollback, with `actionsEach` actions in all, and blocks. Returns how long the migrations took that then count them, seconds.
 */
export async function fillAndMigrate(
  ownerUrl: string,
  { people, actionsEach }: { people: number; actionsEach: number },
): Promise<number> {
  const orm = await MikroORM.init(migrationOptions(ownerUrl));
  try {
    await orm.getMigrator().up({ to: beforeFigures });
    for (const sql of [...peopleSql(people), ...runsSql(people, actionsEach / runsEach), 'analyze'])
      await orm.em.fork().execute(sql);
    const begun = performance.now();
    await orm.getMigrator().up();
    const seconds = (performance.now() - begun) / 1_000;
    await orm.em.fork().execute('vacuum analyze');
    return seconds;
  } finally {
    await orm.close(true);
  }
}

const peopleSql = (people: number): string[] => [
  `insert into artists (id, name, folded_name, name_key)
   select ${idOf('artist', 'n')}, 'Artist ' || n, 'artist ' || n, 'artist ' || n from generate_series(1, ${artists}) n`,
  `insert into users (id, display_name) select ${idOf('user', 'n')}, 'Somebody' from generate_series(1, ${people}) n`,
  `insert into connections (id, user_id, provider, account_id, account_user_id, account_name, client_id, quota)
   select ${idOf('connection', 'n')}, ${idOf('user', 'n')}, case n % 3 when 0 then 'apple_music' else 'spotify' end, n::text, 'me', 'Account', 'client', 'quota'
   from generate_series(1, ${people}) n`,
  `insert into blocks (user_id, artist_id)
   select ${idOf('user', 'n')}, ${idOf('artist', `(1 + (n * 7 + b * 13) % ${artists})`)}
   from generate_series(1, ${people}) n, generate_series(1, ${blocksEach}) b on conflict do nothing`,
];

const runsSql = (people: number, actionsOfRun: number): string[] => [
  `insert into runs (id, user_id, connection_id, job_id, run_type, status, epoch, created_at, started_at, finished_at)
   select ${idOf('run', `n || '-' || r`)}, ${idOf('user', 'n')}, ${idOf('connection', 'n')}, ${idOf('job', `n || '-' || r`)},
     case r when 5 then 'rollback' else 'enforce' end, case ${below(10, `n || '-' || r`, 's')} when 0 then 'partially_completed' else 'completed' end,
     1, at, at, at
   from generate_series(1, ${people}) n, generate_series(1, ${runsEach}) r,
     lateral (select now() - make_interval(days => ${below(days, `n || '-' || r`, 'd')}) as at) moments`,
  `insert into actions (id, run_id, seq, action_type, item_type, uri, playlist_id, name, status, outcome_code, applied_at, updated_at)
   select ${idOf('action', `r.id || '-' || s`)}, r.id, s, t.action, t.item, 'spotify:track:' || s, case t.item when 'playlist_track' then 'playlist' end, 'A Song, by Somebody',
     case when k < 90 then 'applied' when k < 94 then 'skipped' when k < 97 then 'failed' when r.run_type = 'enforce' then 'undone' else 'applied' end,
     'done', r.finished_at, r.finished_at
   from runs r, generate_series(1, ${actionsOfRun}) s,
     lateral (select ${below(100, `r.id || '-' || s`, 'k')} as k) dice,
     lateral (select case when s % 2 = 0 then 'playlist_track' else 'liked_track' end as item,
       case when r.run_type = 'rollback' then case when s % 2 = 0 then 'restore_playlist_track' else 'relike_track' end
         else case when s % 2 = 0 then 'remove_playlist_track' else 'unlike_track' end end as action) t`,
];

/** Gives the actions playing times, as runs since then have them. Returns how long that took with the figures kept in step, seconds. */
export async function timeActions(owner: EntityManager): Promise<number> {
  const begun = performance.now();
  const parts = 20;
  for (let part = 0; part < parts; part += 1)
    await owner.execute(
      `update actions set duration_ms = 120000 + ${below(240_000, 'id', 't')} where ${below(parts, 'run_id', 'p')} = ${part} and ${below(10, 'id', 'u')} > 0`,
    );
  await owner.execute('vacuum analyze actions, person_figures');
  return (performance.now() - begun) / 1_000;
}

/** The id of the nth of the made-up people. */
export async function personId(em: EntityManager, n: number): Promise<string> {
  const [row] = await em.execute<{ id: string }[]>(`select ${idOf('user', '?::int')} as id`, [n]);
  return row!.id;
}

/** One person more, with so many actions in runs of a thousand; their figures are counted when all are there. */
export async function fillOneJournal(owner: EntityManager, actions: number): Promise<{ userId: string }> {
  const [person] = await owner.execute<{ id: string }[]>(
    `insert into users (id, display_name) values (${idOf('user', `'journal'`)}, 'Somebody') returning id`,
  );
  const userId = person!.id;
  const connectionId = idOf('connection', `'journal'`);
  await owner.execute(
    `insert into connections (id, user_id, provider, account_id, account_user_id, account_name, client_id, quota)
     values (${connectionId}, ?, 'spotify', 'journal', 'me', 'Account', 'client', 'quota')`,
    [userId],
  );
  const ofRun = 1_000;
  for (let at = 0; at < actions; at += 100 * ofRun)
    await owner.execute(
      `with made as (
         insert into runs (id, user_id, connection_id, job_id, run_type, status, epoch, finished_at)
         select gen_random_uuid(), ?, ${connectionId}, gen_random_uuid(), 'enforce', 'completed', 1, now() from generate_series(1, ?) returning id
       )
       insert into actions (id, run_id, seq, action_type, item_type, uri, playlist_id, name, status, outcome_code, losses, applied_at)
       select gen_random_uuid(), made.id, s, 'remove_playlist_track', 'playlist_track', 'spotify:track:' || s, 'playlist', 'A Song, by "Somebody"',
         'applied', 'done', '{date_added,position}', now()
       from made, generate_series(1, ?) s`,
      [userId, Math.min(100, (actions - at) / ofRun), ofRun],
    );
  await owner.execute('vacuum analyze actions, runs');
  return { userId };
}
