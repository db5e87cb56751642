import { Migration } from '@mikro-orm/migrations';

/** What lists need to be worked on: curators and proposals, how they grow, who was told of a version, and what a moderator decides before a list is opened. */
export class Migration20261129080100ListWork extends Migration {
  override up(): void {
    this.addSql(
      `alter table "community_lists" add column "asked_visibility" varchar(10) null, add column "open_from" int null`,
    );
    this.addSql(
      `create table "list_subscriber_days" ("list_id" uuid not null, "day" date not null, "gained" int not null default 0, "lost" int not null default 0,
         constraint "list_subscriber_days_pkey" primary key ("list_id", "day"))`,
    );
    this.addSql(
      `create table "list_version_tellings" ("version_id" uuid not null, "told_until" uuid null, "created_at" timestamptz(3) not null default now(),
         "finished_at" timestamptz(3) null, constraint "list_version_tellings_pkey" primary key ("version_id"))`,
    );
    this.addSql(
      `create index list_version_tellings_open on list_version_tellings (created_at) where finished_at is null`,
    );
    this.addSql(
      `create table "list_curators" ("id" uuid not null, "list_id" uuid not null, "user_id" uuid not null, "created_at" timestamptz(3) not null default now(),
         "accepted_at" timestamptz(3) null, constraint "list_curators_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "list_curators_user_id_index" on "list_curators" ("user_id")`);
    this.addSql(
      `alter table "list_curators" add constraint "list_curators_list_id_user_id_unique" unique ("list_id", "user_id")`,
    );
    this.addSql(
      `create table "list_proposals" ("id" uuid not null, "list_id" uuid not null, "user_id" uuid null, "state" varchar(10) not null default 'open',
         "additions" jsonb not null, "removals" jsonb not null, "note" text null, "decided_by" uuid null, "version_number" int null,
         "created_at" timestamptz(3) not null default now(), "decided_at" timestamptz(3) null, constraint "list_proposals_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "list_proposals_user_id_index" on "list_proposals" ("user_id")`);
    this.addSql(`create index "list_proposals_list_id_state_id_index" on "list_proposals" ("list_id", "state", "id")`);
    for (const [table, column, target, rule] of references)
      this.addSql(
        `alter table "${table}" add constraint "${table}_${column}_foreign" foreign key ("${column}") references "${target}" ("id") on update cascade on delete ${rule}`,
      );
  }

  override down(): void {
    for (const table of ['list_proposals', 'list_curators', 'list_version_tellings', 'list_subscriber_days'])
      this.addSql(`drop table "${table}"`);
    this.addSql(`alter table "community_lists" drop column "asked_visibility", drop column "open_from"`);
  }
}

const references = [
  ['list_subscriber_days', 'list_id', 'community_lists', 'cascade'],
  ['list_version_tellings', 'version_id', 'list_versions', 'cascade'],
  ['list_curators', 'list_id', 'community_lists', 'cascade'],
  ['list_curators', 'user_id', 'users', 'cascade'],
  ['list_proposals', 'list_id', 'community_lists', 'cascade'],
  ['list_proposals', 'user_id', 'users', 'set null'],
] as const;
