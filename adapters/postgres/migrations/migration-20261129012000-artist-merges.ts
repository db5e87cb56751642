import { Migration } from '@mikro-orm/migrations';

/** Artists that turned out to be one, or may be, and what it takes to part them again. */
export class Migration20261129012000ArtistMerges extends Migration {
  override up(): void {
    this.addSql(
      `create table "artist_merges" ("id" uuid not null, "artist_id" uuid not null, "other_id" uuid not null, "kept_id" uuid not null, "merged_id" uuid not null,
         "state" varchar(10) not null default 'pending', "band" varchar(10) not null, "score" double precision not null, "evidence" jsonb not null default '[]',
         "proposed_at" timestamptz(3) not null default now(), "decided_at" timestamptz(3) null, constraint "artist_merges_pkey" primary key ("id"))`,
    );
    this.addSql(
      `alter table "artist_merges" add constraint "artist_merges_artist_id_other_id_unique" unique ("artist_id", "other_id")`,
    );
    this.addSql(`create index "artist_merges_other_id_index" on "artist_merges" ("other_id")`);
    this.addSql(`create index "artist_merges_kept_id_index" on "artist_merges" ("kept_id")`);
    this.addSql(`create index "artist_merges_state_id_index" on "artist_merges" ("state", "id")`);
    this.addSql(`create unique index artist_merges_one_way on artist_merges (merged_id) where state = 'applied'`);
    this.addSql(
      `create table "former_artists" ("id" uuid not null, "artist_id" uuid not null, "row" jsonb not null, "lends" text[] not null default '{}',
         "merged_at" timestamptz(3) not null default now(), constraint "former_artists_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "former_artists_artist_id_index" on "former_artists" ("artist_id")`);
    this.addSql(
      `alter table "former_artists" add constraint "former_artists_artist_id_foreign" foreign key ("artist_id") references "artists" ("id") on update cascade on delete restrict`,
    );
    this.addSql(
      `create table "artist_merge_asides" ("id" uuid not null, "user_id" uuid null, "table_name" varchar(40) not null, "artist_id" uuid not null, "row" jsonb not null,
         "set_aside_at" timestamptz(3) not null default now(), constraint "artist_merge_asides_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "artist_merge_asides_user_id_index" on "artist_merge_asides" ("user_id")`);
    this.addSql(
      `create index "artist_merge_asides_artist_id_table_name_index" on "artist_merge_asides" ("artist_id", "table_name")`,
    );
    this.addSql(
      `alter table "artist_merge_asides" add constraint "artist_merge_asides_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
    );
    for (const [table] of followers) this.addSql(`alter table "${table}" add "given_artist_id" uuid null`);
    // A merge waits for whoever is writing about artists, and they for it, before any of them holds a row.
    this.addSql(`create function wait_for_artist_merges() returns trigger language plpgsql as $$ begin
      perform pg_advisory_xact_lock_shared(hashtext('artist.merges'));
      return null;
    end $$`);
    for (const column of ['artist_id', 'subject_id'])
      this.addSql(`create function follow_artist_merge_by_${column}() returns trigger language plpgsql as $$
      declare current uuid;
      begin
        select artist_id into current from former_artists where id = new.${column};
        if current is not null then
          new.given_artist_id := coalesce(new.given_artist_id, new.${column});
          new.${column} := current;
        end if;
        return new;
      end $$`);
    for (const [table, column] of followers) {
      this.addSql(
        `create trigger "${table}_wait_for_merges" before insert or update of "${column}" on "${table}" for each statement execute function wait_for_artist_merges()`,
      );
      this.addSql(
        `create trigger "${table}_follow_merge" before insert or update of "${column}" on "${table}" for each row execute function follow_artist_merge_by_${column}()`,
      );
    }
    // Every id that stands for the same artist as the one asked about.
    this.addSql(`create function artist_ids_of(asked uuid) returns setof uuid language sql stable as $$
      with current as (select coalesce((select artist_id from former_artists where id = asked), asked) as id)
      select id from current union all select f.id from former_artists f join current c on f.artist_id = c.id
    $$`);
    // Whoever takes a decision about an artist back takes back what was set aside beside it.
    this.addSql(`create function forget_set_aside() returns trigger language plpgsql as $$
      declare
        subject uuid := (to_jsonb(old) ->> tg_argv[0])::uuid;
        stands boolean;
      begin
        execute format('select exists (select from %I where user_id = $1 and %I = $2)', tg_table_name, tg_argv[0]) into stands using old.user_id, subject;
        if not stands then
          delete from artist_merge_asides s where s.table_name = tg_table_name and s.user_id = old.user_id
            and coalesce((select f.artist_id from former_artists f where f.id = s.artist_id), s.artist_id) = subject;
        end if;
        return null;
      end $$`);
    for (const [table, column] of decisions)
      this.addSql(
        `create constraint trigger "${table}_forget_set_aside" after delete on "${table}" deferrable initially deferred for each row execute function forget_set_aside('${column}')`,
      );
  }

  override down(): void {
    for (const [table] of decisions) this.addSql(`drop trigger "${table}_forget_set_aside" on "${table}"`);
    for (const [table] of followers) {
      this.addSql(`drop trigger "${table}_follow_merge" on "${table}"`);
      this.addSql(`drop trigger "${table}_wait_for_merges" on "${table}"`);
      this.addSql(`alter table "${table}" drop column "given_artist_id"`);
    }
    this.addSql(`drop function forget_set_aside()`);
    this.addSql(`drop function artist_ids_of(uuid)`);
    for (const column of ['artist_id', 'subject_id']) this.addSql(`drop function follow_artist_merge_by_${column}()`);
    this.addSql(`drop function wait_for_artist_merges()`);
    for (const table of ['artist_merge_asides', 'former_artists', 'artist_merges'])
      this.addSql(`drop table "${table}"`);
  }
}

/** Whose rows go along when their artist becomes another, and by which column. */
const followers = [
  ['artist_provider_ids', 'artist_id'],
  ['artist_aliases', 'artist_id'],
  ['artist_genres', 'artist_id'],
  ['track_artists', 'artist_id'],
  ['album_artists', 'artist_id'],
  ['blocks', 'artist_id'],
  ['exceptions', 'subject_id'],
  ['block_import_rows', 'artist_id'],
] as const;

/** Those among them that a person decides about. */
const decisions = [
  ['blocks', 'artist_id'],
  ['exceptions', 'subject_id'],
] as const;
