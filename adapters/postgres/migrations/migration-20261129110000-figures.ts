import { Migration } from '@mikro-orm/migrations';

const key = 'user_id, figure, day, provider, kind, outcome';

/** Deltas as an array for `figures_add`, from rows (user_id, figure, day, provider, kind, outcome, n). */
const summed = (rows: string): string =>
  `(select array_agg(row(${key}, n, now())::person_figures order by ${key}) from
      (select ${key}, sum(n)::bigint as n from (${rows}) d group by ${key} having sum(n) <> 0) s)`;

/** What actions count for, `sign` times, under their run's person. */
const ofActions = (actions: string, sign: 1 | -1): string =>
  `select r.user_id, f.figure, f.day, c.provider, f.kind, f.outcome, ${sign} * f.n as n
   from ${actions} a join runs r on r.id = a.run_id join connections c on c.id = r.connection_id
   cross join lateral action_figures(r.run_type, a.action_type, a.status, a.settled_at, a.undone_at, a.duration_ms) f
   where a.settled_at is not null`;

const ofRuns = (runs: string, sign: 1 | -1): string =>
  `select r.user_id, 'runs' as figure, utc_day(r.finished_at) as day, c.provider, r.run_type as kind, r.status as outcome, ${sign} as n
   from ${runs} r join connections c on c.id = r.connection_id where r.finished_at is not null`;

const ofBlocks = (blocks: string, sign: 1 | -1): string =>
  `select user_id, 'blocks' as figure, utc_day(now()) as day, '' as provider, '' as kind, '' as outcome, ${sign} as n from ${blocks} where ended_at is null`;

/** Runs that were given to somebody else, as an account merge does, take along what their actions count for. */
const moved = (whose: 'former' | 'present', sign: 1 | -1): string =>
  `select ${whose}.user_id, f.figure, f.day, c.provider, f.kind, f.outcome, ${sign} * f.n
   from old_rows former join new_rows present on present.id = former.id and present.user_id <> former.user_id
   join connections c on c.id = former.connection_id join actions a on a.run_id = former.id
   cross join lateral action_figures(former.run_type, a.action_type, a.status, a.settled_at, a.undone_at, a.duration_ms) f
   where a.settled_at is not null`;

/** Figures of each person by day, kept by triggers in the transaction of what they count. */
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
      `alter table "person_figures" add constraint "person_figures_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `create table "system_figures" ("figure" varchar(20) not null, "day" date not null, "provider" varchar(20) not null, "kind" varchar(40) not null, "outcome" varchar(30) not null, "n" bigint not null, constraint "system_figures_pkey" primary key ("figure", "day", "provider", "kind", "outcome"))`,
    );
    this.addSql(
      `update actions set settled_at = coalesce(applied_at, updated_at), undone_at = case status when 'undone' then updated_at end
       where status not in ('pending', 'applying')`,
    );
    this.addSql(
      `create function utc_day(at timestamptz) returns date language sql immutable as $$ select (at at time zone 'UTC')::date $$`,
    );
    this
      .addSql(`create function action_figures(run_type text, action_type text, status text, settled_at timestamptz, undone_at timestamptz, duration_ms bigint)
      returns table (figure text, day date, kind text, outcome text, n bigint) language sql immutable as $$
      select v.figure, v.day, v.kind, v.outcome, v.n from (values
        ('actions', utc_day(settled_at), action_type, case when status in ('skipped', 'failed') then status else 'applied' end, 1::bigint, false),
        ('items_kept_out', utc_day(settled_at), action_type, '', 1, true),
        ('ms_kept_out', utc_day(settled_at), action_type, '', duration_ms, true),
        ('items_kept_out', utc_day(undone_at), action_type, '', -1, true),
        ('ms_kept_out', utc_day(undone_at), action_type, '', -duration_ms, true)) v(figure, day, kind, outcome, n, keeping)
      where v.day is not null and v.n <> 0 and status not in ('pending', 'applying')
        and (not v.keeping or run_type = 'enforce' and status not in ('skipped', 'failed') and action_type in
          ('unlike_track', 'unsave_album', 'unfollow_artist', 'unfollow_playlist', 'remove_playlist_track', 'dislike_song', 'dislike_album'))
    $$`);
    this.addSql(`create function figures_add(deltas person_figures[]) returns void language plpgsql as $$ begin
      if deltas is null then return; end if;
      insert into person_figures as f (${key}, n)
        select ${key}, n from unnest(deltas) d where exists (select from users u where u.id = d.user_id) order by ${key}
        on conflict (${key}) do update set n = f.n + excluded.n, changed_at = excluded.changed_at;
      delete from person_figures f using unnest(deltas) d where d.n < 0 and f.n = 0 and f.user_id = d.user_id and f.figure = d.figure
        and f.day = d.day and f.provider = d.provider and f.kind = d.kind and f.outcome = d.outcome;
    end $$`);
    this.addSql(`create function actions_keep_times() returns trigger language plpgsql as $$ begin
      if new.status in ('pending', 'applying') then new.settled_at := null; else new.settled_at := coalesce(new.settled_at, now()); end if;
      if new.status = 'undone' then new.undone_at := coalesce(new.undone_at, now()); else new.undone_at := null; end if;
      return new;
    end $$`);
    this.addSql(
      `create trigger actions_times before insert or update of status on actions for each row execute function actions_keep_times()`,
    );
    this.trigger('actions', 'insert', summed(ofActions('new_rows', 1)));
    this.trigger('actions', 'update', summed(`${ofActions('old_rows', -1)} union all ${ofActions('new_rows', 1)}`));
    this.trigger('actions', 'delete', summed(ofActions('old_rows', -1)));
    this.trigger('runs', 'insert', summed(ofRuns('new_rows', 1)));
    this.trigger(
      'runs',
      'update',
      summed(
        [ofRuns('old_rows', -1), ofRuns('new_rows', 1), moved('former', -1), moved('present', 1)].join(' union all '),
      ),
    );
    for (const sql of runsBeforeDelete) this.addSql(sql);
    this.trigger('blocks', 'insert', summed(ofBlocks('new_rows', 1)));
    this.trigger('blocks', 'update', summed(`${ofBlocks('old_rows', -1)} union all ${ofBlocks('new_rows', 1)}`));
    this.trigger('blocks', 'delete', summed(ofBlocks('old_rows', -1)));
    this.addSql(
      `select figures_add(${summed([ofActions('actions', 1), ofRuns('runs', 1), ofBlocks('blocks', 1)].join(' union all '))})`,
    );
  }

  /** After each statement that changes a table, adds the deltas that its rows make. */
  private trigger(table: string, event: 'insert' | 'update' | 'delete', deltas: string): void {
    const name = `${table}_${event}_figures`;
    const rows = {
      insert: 'new table as new_rows',
      update: 'old table as old_rows new table as new_rows',
      delete: 'old table as old_rows',
    }[event];
    this.addSql(`create function ${name}() returns trigger language plpgsql as $$ begin
      perform figures_add(${deltas});
      return null;
    end $$`);
    this.addSql(
      `create trigger ${name} after ${event} on ${table} referencing ${rows} for each statement execute function ${name}()`,
    );
  }

  override down(): void {
    for (const table of ['actions', 'runs', 'blocks'])
      for (const event of ['insert', 'update', 'delete'])
        this.addSql(`drop function if exists ${table}_${event}_figures() cascade`);
    for (const name of [
      'connections_delete_runs()',
      'actions_keep_times()',
      'figures_add(person_figures[])',
      'action_figures(text, text, text, timestamptz, timestamptz, bigint)',
      'utc_day(timestamptz)',
    ])
      this.addSql(`drop function ${name} cascade`);
    for (const table of ['system_figures', 'person_figures']) this.addSql(`drop table "${table}"`);
    this.addSql(`alter table "actions" drop column "settled_at", drop column "undone_at", drop column "duration_ms"`);
  }
}

/**
 * A run that goes takes what it and its actions count for along, while they are there to be counted; and a connection's runs go
 * while it is there to say at which provider they were.
 */
const runsBeforeDelete = [
  `create function runs_delete_figures() returns trigger language plpgsql as $$ begin
     perform figures_add(${summed(
       `${ofActions('(select * from actions where run_id = old.id)', -1)} union all ${ofRuns('(select old.*)', -1)}`,
     )});
     return old;
   end $$`,
  `create trigger runs_delete_figures before delete on runs for each row execute function runs_delete_figures()`,
  `create function connections_delete_runs() returns trigger language plpgsql as $$ begin
     delete from runs where connection_id = old.id;
     return old;
   end $$`,
  `create trigger connections_delete_runs before delete on connections for each row execute function connections_delete_runs()`,
];
