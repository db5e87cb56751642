import { Migration } from '@mikro-orm/migrations';

const key = 'user_id, figure, day, provider, kind, outcome';

/** Deltas as an array for `figures_add`, from rows (user_id, figure, day, provider, kind, outcome, n). */
const summed = (rows: string): string =>
  `(select array_agg(row(${key}, n, now())::person_figures order by ${key}) from
      (select ${key}, sum(n)::bigint as n from (${rows}) d group by ${key} having sum(n) <> 0) s)`;

/** How actions are counted: the rows that are looked at, and what each of them counts for. */
interface Way {
  rows: (actions: string, condition: string) => string;
  figures: (runType: string) => string;
}
/** Actions that count for the same, together: what they count for is worked out once, not for each. */
const together: Way = {
  rows: (actions, condition) =>
    `(select run_id, action_type, status, utc_day(settled_at) as settled, utc_day(undone_at) as undone, count(*) as items,
        count(duration_ms) as timed, coalesce(sum(duration_ms), 0)::bigint as ms
      from ${actions} where settled_at is not null and ${condition} group by 1, 2, 3, 4, 5)`,
  figures: (runType) =>
    `action_figures(${runType}, a.action_type, a.status, a.settled, a.undone, a.items, a.timed, a.ms)`,
};
const singly: Way = {
  rows: (actions, condition) => `(select * from ${actions} where settled_at is not null and ${condition})`,
  figures: (runType) => `action_figures(${runType}, a.action_type, a.status, a.settled_at, a.undone_at, a.duration_ms)`,
};

/** What actions count for, `sign` times, under their run's person. */
const ofActions = ({ rows, figures }: Way, actions: string, sign: 1 | -1, condition = 'true'): string =>
  `select r.user_id, f.figure, f.day, c.provider, f.kind, f.outcome, ${sign} * f.n as n
   from ${rows(actions, condition)} a join runs r on r.id = a.run_id join connections c on c.id = r.connection_id
   cross join lateral ${figures('r.run_type')} f`;

const ofRuns = (runs: string, sign: 1 | -1): string =>
  `select r.user_id, 'runs' as figure, utc_day(r.finished_at) as day, c.provider, r.run_type as kind, r.status as outcome, ${sign} as n
   from ${runs} r join connections c on c.id = r.connection_id where r.finished_at is not null`;

/** Runs that were given to somebody else, as an account merge does, take along what their actions count for. */
const moved = ({ rows, figures }: Way, whose: 'former' | 'present', sign: 1 | -1): string =>
  `select ${whose}.user_id, f.figure, f.day, c.provider, f.kind, f.outcome, ${sign} * f.n
   from old_rows former join new_rows present on present.id = former.id and present.user_id <> former.user_id
   join connections c on c.id = former.connection_id cross join lateral ${rows('actions', 'run_id = former.id')} a
   cross join lateral ${figures('former.run_type')} f`;

/**
 * Whoever writes figures of a person takes that person's turn first. A transaction may write some in several statements (what a cancel
 * spared, then what is unknown, then the run's end): each in an order of its own, two of them would wait for one another. And what a
 * batch of actions counts for is worked out for those that are alike at once; of how many the playing time is known is counted, too.
 */
export class Migration20261129110600FigureTurns extends Migration {
  override up(): void {
    // Nothing is to be counted the old way once the new figure was counted.
    this.addSql(`lock table actions, runs, blocks in share row exclusive mode`);
    this.addSql(
      `create table "figure_turns" ("user_id" uuid not null, constraint "figure_turns_pkey" primary key ("user_id"))`,
    );
    this.addSql(
      `alter table "figure_turns" add constraint "figure_turns_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
    );
    this.addSql(figuresAdd(inTurn));
    this.addSql(`drop function action_figures(text, text, text, timestamptz, timestamptz, bigint)`);
    this
      .addSql(`create function action_figures(run_type text, action_type text, status text, settled date, undone date, items bigint, timed bigint, ms bigint)
      returns table (figure text, day date, kind text, outcome text, n bigint) language sql immutable as $$
      select v.figure, v.day, action_type, v.outcome, v.n from (values
        ('actions', settled, case when status in ('skipped', 'failed') then status else 'applied' end, items, false),
        ('items_kept_out', settled, '', items, true), ('items_kept_out', undone, '', -items, true),
        ('timed_kept_out', settled, '', timed, true), ('timed_kept_out', undone, '', -timed, true),
        ('ms_kept_out', settled, '', ms, true), ('ms_kept_out', undone, '', -ms, true)) v(figure, day, outcome, n, keeping)
      where ${counts} $$`);
    this.count(together);
    this.addSql(
      `insert into person_figures (${key}, n)
       select ${key}, sum(n) from (${ofActions(together, 'actions', 1)}) f where figure = 'timed_kept_out' group by ${key} having sum(n) <> 0`,
    );
  }

  override down(): void {
    this.addSql(`lock table actions, runs, blocks in share row exclusive mode`);
    this.addSql(figuresAdd(''));
    this.addSql(`drop function action_figures(text, text, text, date, date, bigint, bigint, bigint)`);
    this
      .addSql(`create function action_figures(run_type text, action_type text, status text, settled_at timestamptz, undone_at timestamptz, duration_ms bigint)
      returns table (figure text, day date, kind text, outcome text, n bigint) language sql immutable as $$
      select v.figure, v.day, action_type, v.outcome, v.n from (values
        ('actions', utc_day(settled_at), case when status in ('skipped', 'failed') then status else 'applied' end, 1::bigint, false),
        ('items_kept_out', utc_day(settled_at), '', 1, true), ('items_kept_out', utc_day(undone_at), '', -1, true),
        ('ms_kept_out', utc_day(settled_at), '', duration_ms, true), ('ms_kept_out', utc_day(undone_at), '', -duration_ms, true)) v(figure, day, outcome, n, keeping)
      where ${counts} $$`);
    this.count(singly);
    this.addSql(`delete from person_figures where figure = 'timed_kept_out'`);
    this.addSql(`drop table "figure_turns"`);
  }

  /** Has the triggers count actions in a way. */
  private count(way: Way): void {
    const of = (actions: string, sign: 1 | -1, condition?: string) => ofActions(way, actions, sign, condition);
    const deltas = {
      actions_insert_figures: of('new_rows', 1),
      actions_update_figures: `${of('old_rows', -1)} union all ${of('new_rows', 1)}`,
      actions_delete_figures: of('old_rows', -1),
      runs_update_figures: [
        ofRuns('old_rows', -1),
        ofRuns('new_rows', 1),
        moved(way, 'former', -1),
        moved(way, 'present', 1),
      ].join(' union all '),
      runs_delete_figures: `${of('actions', -1, 'run_id = old.id')} union all ${ofRuns('(select old.*)', -1)}`,
    };
    for (const [name, rows] of Object.entries(deltas))
      this.addSql(`create or replace function ${name}() returns trigger language plpgsql as $$ begin
        perform figures_add(${summed(rows)});
        return ${name === 'runs_delete_figures' ? 'old' : 'null'};
      end $$`);
  }
}

const counts = `v.day is not null and v.n <> 0 and status not in ('pending', 'applying')
  and (not v.keeping or run_type = 'enforce' and status not in ('skipped', 'failed') and action_type in
    ('unlike_track', 'unsave_album', 'unfollow_artist', 'unfollow_playlist', 'remove_playlist_track', 'dislike_song', 'dislike_album'))`;

const inTurn = `insert into figure_turns (user_id) select u.id from users u where u.id in (select d.user_id from unnest(deltas) d) order by u.id
    on conflict do nothing;
  perform from figure_turns t where t.user_id in (select d.user_id from unnest(deltas) d) order by t.user_id for update;`;

const figuresAdd = (
  first: string,
): string => `create or replace function figures_add(deltas person_figures[]) returns void language plpgsql as $$ begin
  if deltas is null then return; end if;
  ${first}
  insert into person_figures as f (${key}, n)
    select ${key}, n from unnest(deltas) d where exists (select from users u where u.id = d.user_id) order by ${key}
    on conflict (${key}) do update set n = f.n + excluded.n, changed_at = excluded.changed_at;
  if exists (select from unnest(deltas) d where d.n < 0) then
    delete from person_figures f using unnest(deltas) d where d.n < 0 and f.n = 0 and f.user_id = d.user_id and f.figure = d.figure
      and f.day = d.day and f.provider = d.provider and f.kind = d.kind and f.outcome = d.outcome;
  end if;
end $$`;
