import { Migration } from '@mikro-orm/migrations';

/** Appeals against decisions, what reviewers ask and would decide, and suspensions as decisions. */
export class Migration20261129080500Appeals extends Migration {
  override up(): void {
    this.addSql(
      `create table "appeals" ("id" uuid not null, "decision_id" uuid not null, "user_id" uuid null, "grounds" text null, "state" varchar(20) not null default 'submitted', "holder_id" uuid null, "claimed_at" timestamptz(3) null, "deadline_at" timestamptz(3) not null, "escalates_at" timestamptz(3) not null, "escalation_level" int not null default 0, "escalated_at" timestamptz(3) null, "draft_id" uuid null, "outcome_decision_id" uuid null, "version" int not null default 1, "created_at" timestamptz(3) not null default now(), "closed_at" timestamptz(3) null, constraint "appeals_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "appeals_user_id_index" on "appeals" ("user_id")`);
    this.addSql(`create index "appeals_state_id_index" on "appeals" ("state", "id")`);
    this.addSql(`create index appeals_open on appeals (decision_id) where closed_at is null`);
    this.addSql(
      `alter table "appeals" add constraint "appeals_decision_id_user_id_unique" unique ("decision_id", "user_id")`,
    );
    this.addSql(
      `create table "decision_drafts" ("id" uuid not null, "appeal_id" uuid not null, "user_id" uuid null, "outcome" varchar(10) not null, "measure" varchar(20) null, "until" timestamptz(3) null, "facts" text not null, "automated" boolean not null, "policy_version" varchar(20) not null, "rule" varchar(60) not null, "internal_note" text null, "created_at" timestamptz(3) not null default now(), "used_at" timestamptz(3) null, constraint "decision_drafts_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "decision_drafts_appeal_id_index" on "decision_drafts" ("appeal_id")`);
    this.addSql(`create index "decision_drafts_user_id_index" on "decision_drafts" ("user_id")`);
    this.addSql(
      `create table "appeal_messages" ("id" uuid not null, "appeal_id" uuid not null, "kind" varchar(10) not null, "author_id" uuid not null, "text" text not null, "created_at" timestamptz(3) not null default now(), "sent_at" timestamptz(3) null, constraint "appeal_messages_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "appeal_messages_appeal_id_index" on "appeal_messages" ("appeal_id")`);
    this.addSql(
      `create table "appeal_acts" ("appeal_id" uuid not null, "update_id" varchar(200) not null, "step" varchar(20) not null, "actor_id" uuid null, "denied" varchar(40) null, "done_at" timestamptz(3) not null default now(), constraint "appeal_acts_pkey" primary key ("appeal_id", "update_id"))`,
    );
    this.addSql(
      `alter table "appeals" add constraint "appeals_decision_id_foreign" foreign key ("decision_id") references "decisions" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "appeals" add constraint "appeals_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete set null`,
    );
    this.addSql(
      `alter table "decision_drafts" add constraint "decision_drafts_appeal_id_foreign" foreign key ("appeal_id") references "appeals" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "decision_drafts" add constraint "decision_drafts_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete set null`,
    );
    this.addSql(
      `alter table "appeal_messages" add constraint "appeal_messages_appeal_id_foreign" foreign key ("appeal_id") references "appeals" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "appeal_acts" add constraint "appeal_acts_appeal_id_foreign" foreign key ("appeal_id") references "appeals" ("id") on update cascade on delete cascade`,
    );
    this.addSql(`alter table "user_suspensions" add column "decision_id" uuid null`);
  }

  override down(): void {
    this.addSql(`alter table "user_suspensions" drop column "decision_id"`);
    for (const table of ['appeal_acts', 'appeal_messages', 'decision_drafts', 'appeals'])
      this.addSql(`drop table "${table}"`);
  }
}
