import { Migration } from '@mikro-orm/migrations';

/** Which sources a moderator has looked at, and who submits nothing for a time. */
export class Migration20261129080300Submissions extends Migration {
  override up(): void {
    this.addSql(`alter table "offense_evidence" add column "reviewed_at" timestamptz(3) null`);
    this.addSql(
      `create table "submission_mutes" ("id" uuid not null, "user_id" uuid not null, "reason" text not null, "until" timestamptz(3) null, "muted_by" uuid not null, "muted_at" timestamptz(3) not null default now(), "ended_at" timestamptz(3) null, "ended_by" uuid null, constraint "submission_mutes_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "submission_mutes_user_id_index" on "submission_mutes" ("user_id")`);
    this.addSql(
      `alter table "submission_mutes" add constraint "submission_mutes_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
    );
  }

  override down(): void {
    this.addSql(`drop table "submission_mutes"`);
    this.addSql(`alter table "offense_evidence" drop column "reviewed_at"`);
  }
}
