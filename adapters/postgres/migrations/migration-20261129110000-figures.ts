import { Migration } from '@mikro-orm/migrations';

const key = 'user_id, figure, day, provider, kind, outcome';

/** Deltas as an array for `figures_add`, from rows (user_id, figure, day, provider, kind, outcome, n). */
const summed = (rows: string): string =>
  `(select array_agg(row(${key}, n, now())::person_figures order by ${key}) from
      (select ${key}, sum(n)::bigint as n from (${rows}) d group by ${key} having sum(n) <> 0) s)`;

/** Actions that count for the same, together: what they count for is worked out once, not for each. */
const alike = (actions: string, condition = 'true'): string =>
  `(select run_id, action_type, status, utc_day(settled_at) as settled, utc_day(undone_at) as undone, count(*) as items,
      count(duration_ms) as timed, coalesce(sum(duration_ms), 0)::bigint as ms
    from ${actions} where settled_at is not null and ${condition} group by 1, 2, 3, 4, 5)`;

const countedFor = (runType: string): string =>
  `action_figures(${runType}, a.action_type, a.status, a.settled, a.undone, a.items, a.timed, a.ms)`;

/** What actions count for, `sign` times, under their run's person. */
const ofActions = (actions: string, sign: 1 | -1, condition?: string): string =>
  `select r.user_id, f.figure, f.day, c.provider, f.kind, f.outcome, ${sign} * f.n as n
   from ${alike(actions, condition)} a join runs r on r.id = a.run_id join connections c on c.id = r.connection_id
   cross join lateral ${countedFor('r.run_type')} f`;

const ofRuns = (runs: string, sign: 1 | -1): string =>
  `select r.user_id, 'runs' as figure, utc_day(r.finished_at) as day, c.provider, r.run_type as kind, r.status as outcome, ${sign} as n
   from ${runs} r join connections c on c.id = r.connection_id where r.finished_at is not null`;

const ofBlocks = (blocks: string, sign: 1 | -1): string =>
  `select user_id, 'blocks' as figure, utc_day(now()) as day, '' as provider, '' as kind, '' as outcome, ${sign} as n from ${blocks} where ended_at is null`;

/** Runs that were given to somebody else, as an account merge does, take along what their actions count for. */
const moved = (whose: 'former' | 'present', sign: 1 | -1): string =>
  `select ${whose}.user_id, f.figure, f.day, c.provider, f.kind, f.outcome, ${sign} * f.n
   from old_rows former join new_rows present on present.id = former.id and present.user_id <> former.user_id
   join connections c on c.id = former.connection_id cross join lateral ${alike('actions', 'run_id = former.id')} a
   cross join lateral ${countedFor('former.run_type')} f`;

/**
 * Figures of each person by day, kept by triggers in the transaction of what they count. Whoever writes figures of a person takes that
 * person's turn first: a transaction may write some in several statements (what a cancel spared, then what is unknown, then the run's
 * end), and each in an order of its own, two of them would wait for one another.
 */
export class Migration20261129110000Figures extends Migration {
  override up(): void {
    this.addSql(
      `alter table "actions" add column "settled_at" timestamptz(3) null, add column "undone_at" timestamptz(3) null, add column "duration_ms" bigint null`,
    );
    this.addSql(
      `create table "person_figures" ("user_id" uuid not null, "figure" varchar(20) not null, "day" date not null, "provider" varchar(20) not null, "kind" varchar(40) not null, "outcome" varchar(30) not null, "n" bigint not null, "changed_at" timestamptz(3) not null default now(), constraint "person_figures_pkey" primary key ("user_id", "figure", "day", "provider", "kind", "outcome"))`,
    );
    this.addSql(`create index "person_figures_day_figure_index" on "person_figures" ("day", "figure")`);
    this.addSql(`create index "person_figures_changed_at_index" on "person_figures" ("changed_at")`);
    this.addSql(
      `create table "figure_turns" ("user_id" uuid not null, constraint "figure_turns_pkey" primary key ("user_id"))`,
    );
    for (const table of ['person_figures', 'figure_turns'])
      this.addSql(
        `alter table "${table}" add constraint "${table}_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
      );
    this.addSql(
      `create table "system_figures" ("figure" varchar(20) not null, "day" date not null, "provider" varchar(20) not null, "kind" varchar(40) not null, "outcome" varchar(30) not null, "n" bigint not null, constraint "system_figures_pkey" primary key ("figure", "day", "provider", "kind", "outcome"))`,
    );
    this.addSql(
      `update actions set settled_at = coalesce(applied_at, updated_at), undone_at = case status when 'undone' then updated_at end
       where status not in ('pending', 'applying')`,
    );
    for (const sql of functions) this.addSql(sql);
    this.addSql(
      `create trigger actions_times before insert or update of status on actions for each row execute function actions_keep_times()`,
    );
    this.trigger('actions', 'insert', ofActions('new_rows', 1));
    this.trigger('actions', 'update', ofActions('old_rows', -1), ofActions('new_rows', 1));
    this.trigger('actions', 'delete', ofActions('old_rows', -1));
    this.trigger('runs', 'insert', ofRuns('new_rows', 1));
    const byRun = [ofRuns('old_rows', -1), ofRuns('new_rows', 1)];
    this.trigger('runs', 'update', ...byRun, moved('former', -1), moved('present', 1));
    for (const sql of beforeDelete) this.addSql(sql);
    this.trigger('blocks', 'insert', ofBlocks('new_rows', 1));
    this.trigger('blocks', 'update', ofBlocks('old_rows', -1), ofBlocks('new_rows', 1));
    this.trigger('blocks', 'delete', ofBlocks('old_rows', -1));
    const all = [ofActions('actions', 1), ofRuns('runs', 1), ofBlocks('blocks', 1)].join(' union all ');
    this.addSql(`select figures_add(${summed(all)})`);
  }

  /** After each statement that changes a table, adds the deltas that its rows make. */
  private trigger(table: string, event: keyof typeof transitionTables, ...deltas: string[]): void {
    const name = `${table}_${event}_figures`;
    this.addSql(`create function ${name}() returns trigger language plpgsql as $$ begin
      perform figures_add(${summed(deltas.join(' union all '))});
      return null;
    end $$`);
    this.addSql(
      `create trigger ${name} after ${event} on ${table} referencing ${transitionTables[event]} for each statement execute function ${name}()`,
    );
  }

  override down(): void {
    for (const table of ['actions', 'runs', 'blocks'])
      for (const event of Object.keys(transitionTables))
        this.addSql(`drop function ${table}_${event}_figures() cascade`);
    for (const name of [
      'connections_delete_runs()',
      'actions_keep_times()',
      'figures_add(person_figures[])',
      'action_figures(text, text, text, date, date, bigint, bigint, bigint)',
      'utc_day(timestamptz)',
    ])
      this.addSql(`drop function ${name} cascade`);
    for (const table of ['system_figures', 'figure_turns', 'person_figures']) this.addSql(`drop table "${table}"`);
    this.addSql(`alter table "actions" drop column "settled_at", drop column "undone_at", drop column "duration_ms"`);
  }
}

const transitionTables = {
  insert: 'new table as new_rows',
  update: 'old table as old_rows new table as new_rows',
  delete: 'old table as old_rows',
};

const functions = [
  `create function utc_day(at timestamptz) returns date language sql immutable as $$ select (at at time zone 'UTC')::date $$`,
  `create function action_figures(run_type text, action_type text, status text, settled date, undone date, items bigint, timed bigint, ms bigint)
   returns table (figure text, day date, kind text, outcome text, n bigint) language sql immutable as $$
     select v.figure, v.day, action_type, v.outcome, v.n from (values
       ('actions', settled, case when status in ('skipped', 'failed') then status else 'applied' end, items, false),
       ('items_kept_out', settled, '', items, true), ('items_kept_out', undone, '', -items, true),
       ('timed_kept_out', settled, '', timed, true), ('timed_kept_out', undone, '', -timed, true),
       ('ms_kept_out', settled, '', ms, true), ('ms_kept_out', undone, '', -ms, true)) v(figure, day, outcome, n, keeping)
     where v.day is not null and v.n <> 0 and status not in ('pending', 'applying')
       and (not v.keeping or run_type = 'enforce' and status not in ('skipped', 'failed') and action_type in
         ('unlike_track', 'unsave_album', 'unfollow_artist', 'unfollow_playlist', 'remove_playlist_track', 'dislike_song', 'dislike_album'))
   $$`,
  `create function figures_add(deltas person_figures[]) returns void language plpgsql as $$ begin
     if deltas is null then return; end if;
     insert into figure_turns (user_id) select u.id from users u where u.id in (select d.user_id from unnest(deltas) d) order by u.id
       on conflict do nothing;
     perform from figure_turns t where t.user_id in (select d.user_id from unnest(deltas) d) order by t.user_id for update;
     insert into person_figures as f (${key}, n)
       select ${key}, n from unnest(deltas) d where exists (select from users u where u.id = d.user_id) order by ${key}
       on conflict (${key}) do update set n = f.n + excluded.n, changed_at = excluded.changed_at;
     if exists (select from unnest(deltas) d where d.n < 0) then
       delete from person_figures f using unnest(deltas) d where d.n < 0 and f.n = 0 and f.user_id = d.user_id and f.figure = d.figure
         and f.day = d.day and f.provider = d.provider and f.kind = d.kind and f.outcome = d.outcome;
     end if;
   end $$`,
  `create function actions_keep_times() returns trigger language plpgsql as $$ begin
     if new.status in ('pending', 'applying') then new.settled_at := null; else new.settled_at := coalesce(new.settled_at, now()); end if;
     if new.status = 'undone' then new.undone_at := coalesce(new.undone_at, now()); else new.undone_at := null; end if;
     return new;
   end $$`,
];

/**
 * A run that goes takes what it and its actions count for along, while they are there to be counted; and a connection's runs go
 * while it is there to say at which provider they were.
 */
const beforeDelete = [
  `create function runs_delete_figures() returns trigger language plpgsql as $$ begin
     perform figures_add(${summed(`${ofActions('actions', -1, 'run_id = old.id')} union all ${ofRuns('(select old.*)', -1)}`)});
     return old;
   end $$`,
  `create trigger runs_delete_figures before delete on runs for each row execute function runs_delete_figures()`,
  `create function connections_delete_runs() returns trigger language plpgsql as $$ begin
     delete from runs where connection_id = old.id;
     return old;
   end $$`,
  `create trigger connections_delete_runs before delete on connections for each row execute function connections_delete_runs()`,
];
