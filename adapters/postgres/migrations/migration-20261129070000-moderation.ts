import { Migration } from '@mikro-orm/migrations';

/** Community lists with their versions, offenses with their evidence, and who decides about them, and why. */
export class Migration20261129070000Moderation extends Migration {
  override up(): void {
    this.addSql(
      `create table "moderation_cases" ("id" uuid not null, "subject_type" varchar(20) not null, "subject_id" uuid not null, "origin" varchar(20) not null, "state" varchar(20) not null default 'open', "priority" int not null, "reports" int not null default 0, "holder_id" uuid null, "held_until" timestamptz(3) null, "decision_id" uuid null, "version" int not null default 1, "opened_at" timestamptz(3) not null default now(), "decided_at" timestamptz(3) null, constraint "moderation_cases_pkey" primary key ("id"))`,
    );
    this.addSql(
      `create table "decisions" ("id" uuid not null, "case_id" uuid null, "replaces_id" uuid null, "subject_type" varchar(20) not null, "subject_id" uuid not null, "decider_id" uuid not null, "measure" varchar(20) not null, "until" timestamptz(3) null, "facts" text not null, "automated" boolean not null, "policy_version" varchar(20) not null, "rule" varchar(60) not null, "internal_note" text null, "previous" jsonb not null default '{}', "decided_at" timestamptz(3) not null default now(), "ended_at" timestamptz(3) null, "reversed_at" timestamptz(3) null, constraint "decisions_pkey" primary key ("id"))`,
    );
    this.addSql(
      `create table "operator_switches" ("name" varchar(40) not null, "enabled" boolean not null, "changed_at" timestamptz(3) not null default now(), constraint "operator_switches_pkey" primary key ("name"))`,
    );
    this.addSql(
      `create table "offenses" ("id" uuid not null, "user_id" uuid null, "artist_id" uuid not null, "given_artist_id" uuid null, "category" varchar(40) not null, "severity" varchar(10) not null, "title" text not null, "description" text null, "occurred_from" date null, "occurred_until" date null, "status" varchar(20) not null default 'pending', "restricted_until" timestamptz(3) null, "version" int not null default 1, "created_at" timestamptz(3) not null default now(), "decided_at" timestamptz(3) null, constraint "offenses_pkey" primary key ("id"))`,
    );
    this.addSql(
      `create table "offense_evidence" ("id" uuid not null, "offense_id" uuid not null, "user_id" uuid null, "url" text not null, "title" text not null, "source" text not null, "excerpt" text not null, "published_on" date null, "archived_url" text null, "retrieved_at" timestamptz(3) not null, "content_digest" varchar(64) not null, "created_at" timestamptz(3) not null default now(), constraint "offense_evidence_pkey" primary key ("id"))`,
    );
    this.addSql(
      `create table "decision_notices" ("id" uuid not null, "decision_id" uuid not null, "user_id" uuid not null, "capacity" varchar(20) not null, "told_at" timestamptz(3) not null default now(), constraint "decision_notices_pkey" primary key ("id"))`,
    );
    this.addSql(
      `create table "community_lists" ("id" uuid not null, "user_id" uuid null, "name" text not null, "description" text not null, "criteria" text not null, "visibility" varchar(10) not null, "latest_version" int null, "restricted_at" timestamptz(3) null, "restricted_until" timestamptz(3) null, "version" int not null default 1, "created_at" timestamptz(3) not null default now(), "updated_at" timestamptz(3) not null default now(), constraint "community_lists_pkey" primary key ("id"))`,
    );
    this.addSql(
      `create table "list_versions" ("id" uuid not null, "list_id" uuid not null, "number" int not null, "state" varchar(12) not null, "note" text null, "flags" text[] not null default '{}', "entries" int not null, "added" int not null, "removed" int not null, "published_by" uuid not null, "created_at" timestamptz(3) not null default now(), "published_at" timestamptz(3) null, constraint "list_versions_pkey" primary key ("id"))`,
    );
    this.addSql(
      `create table "list_subscriptions" ("id" uuid not null, "user_id" uuid not null, "list_id" uuid not null, "follows" varchar(10) not null, "new_entries" varchar(12) not null, "list_version" int null, "created_at" timestamptz(3) not null default now(), "updated_at" timestamptz(3) not null default now(), constraint "list_subscriptions_pkey" primary key ("id"))`,
    );
    this.addSql(
      `create table "list_entries" ("id" uuid not null, "list_id" uuid not null, "artist_id" uuid not null, "given_artist_id" uuid null, "withdrawn_at" timestamptz(3) null, "restricted_until" timestamptz(3) null, "created_at" timestamptz(3) not null default now(), constraint "list_entries_pkey" primary key ("id"))`,
    );
    this.addSql(
      `create table "list_version_entries" ("version_id" uuid not null, "entry_id" uuid not null, "reason" text null, constraint "list_version_entries_pkey" primary key ("version_id", "entry_id"))`,
    );
    this.addSql(
      `create table "category_subscriptions" ("id" uuid not null, "user_id" uuid not null, "category" varchar(40) not null, "created_at" timestamptz(3) not null default now(), constraint "category_subscriptions_pkey" primary key ("id"))`,
    );
    this.addSql(
      `create index "moderation_cases_state_priority_id_index" on "moderation_cases" ("state", "priority", "id")`,
    );
    this.addSql(`create index "moderation_cases_subject_id_index" on "moderation_cases" ("subject_id")`);
    this.addSql(
      `create unique index moderation_cases_one_open on moderation_cases (subject_type, subject_id) where state <> 'decided'`,
    );
    this.addSql(`create index "decisions_case_id_index" on "decisions" ("case_id")`);
    this.addSql(`alter table "decisions" add constraint "decisions_replaces_id_unique" unique ("replaces_id")`);
    this.addSql(`create index "decisions_subject_id_id_index" on "decisions" ("subject_id", "id")`);
    this.addSql(`create index "decisions_decided_at_index" on "decisions" ("decided_at")`);
    this.addSql(`create index decisions_due on decisions (until) where ended_at is null and reversed_at is null`);
    this.addSql(`create index "offenses_user_id_index" on "offenses" ("user_id")`);
    this.addSql(`create index "offenses_artist_id_index" on "offenses" ("artist_id")`);
    this.addSql(`create index "offenses_category_status_id_index" on "offenses" ("category", "status", "id")`);
    this.addSql(`create index "offense_evidence_offense_id_index" on "offense_evidence" ("offense_id")`);
    this.addSql(`create index "offense_evidence_user_id_index" on "offense_evidence" ("user_id")`);
    this.addSql(`create index "decision_notices_user_id_index" on "decision_notices" ("user_id")`);
    this.addSql(
      `alter table "decision_notices" add constraint "decision_notices_decision_id_user_id_unique" unique ("decision_id", "user_id")`,
    );
    this.addSql(`create index "community_lists_user_id_index" on "community_lists" ("user_id")`);
    this.addSql(`create index "community_lists_visibility_id_index" on "community_lists" ("visibility", "id")`);
    this.addSql(`create unique index list_versions_one_in_review on list_versions (list_id) where state = 'in_review'`);
    this.addSql(
      `alter table "list_versions" add constraint "list_versions_list_id_number_unique" unique ("list_id", "number")`,
    );
    this.addSql(`create index "list_subscriptions_list_id_index" on "list_subscriptions" ("list_id")`);
    this.addSql(
      `alter table "list_subscriptions" add constraint "list_subscriptions_user_id_list_id_unique" unique ("user_id", "list_id")`,
    );
    this.addSql(`create index "list_entries_list_id_index" on "list_entries" ("list_id")`);
    this.addSql(`create index "list_entries_artist_id_index" on "list_entries" ("artist_id")`);
    this.addSql(`create index "list_version_entries_entry_id_index" on "list_version_entries" ("entry_id")`);
    this.addSql(`create index "category_subscriptions_category_index" on "category_subscriptions" ("category")`);
    this.addSql(
      `alter table "category_subscriptions" add constraint "category_subscriptions_user_id_category_unique" unique ("user_id", "category")`,
    );
    this.addSql(
      `alter table "decisions" add constraint "decisions_case_id_foreign" foreign key ("case_id") references "moderation_cases" ("id") on update cascade on delete set null`,
    );
    this.addSql(
      `alter table "offenses" add constraint "offenses_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete set null`,
    );
    this.addSql(
      `alter table "offenses" add constraint "offenses_artist_id_foreign" foreign key ("artist_id") references "artists" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "offense_evidence" add constraint "offense_evidence_offense_id_foreign" foreign key ("offense_id") references "offenses" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "offense_evidence" add constraint "offense_evidence_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete set null`,
    );
    this.addSql(
      `alter table "decision_notices" add constraint "decision_notices_decision_id_foreign" foreign key ("decision_id") references "decisions" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "decision_notices" add constraint "decision_notices_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "community_lists" add constraint "community_lists_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete set null`,
    );
    this.addSql(
      `alter table "list_versions" add constraint "list_versions_list_id_foreign" foreign key ("list_id") references "community_lists" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "list_subscriptions" add constraint "list_subscriptions_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "list_subscriptions" add constraint "list_subscriptions_list_id_foreign" foreign key ("list_id") references "community_lists" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "list_entries" add constraint "list_entries_list_id_foreign" foreign key ("list_id") references "community_lists" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "list_entries" add constraint "list_entries_artist_id_foreign" foreign key ("artist_id") references "artists" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "list_version_entries" add constraint "list_version_entries_version_id_foreign" foreign key ("version_id") references "list_versions" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "list_version_entries" add constraint "list_version_entries_entry_id_foreign" foreign key ("entry_id") references "list_entries" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "category_subscriptions" add constraint "category_subscriptions_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
    );
    // As whatever else names an artist: it goes along when that one becomes another.
    for (const table of followers) {
      this.addSql(
        `create trigger "${table}_wait_for_merges" before insert or update of "artist_id" on "${table}" for each statement execute function wait_for_artist_merges()`,
      );
      this.addSql(
        `create trigger "${table}_follow_merge" before insert or update of "artist_id" on "${table}" for each row execute function follow_artist_merge_by_artist_id()`,
      );
    }
  }

  override down(): void {
    for (const table of tables) this.addSql(`drop table "${table}" cascade`);
  }
}

const followers = ['list_entries', 'offenses'];

const tables = [
  'community_lists',
  'list_versions',
  'list_entries',
  'list_version_entries',
  'list_subscriptions',
  'offenses',
  'offense_evidence',
  'category_subscriptions',
  'moderation_cases',
  'decisions',
  'decision_notices',
  'operator_switches',
];
