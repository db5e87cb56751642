import { Migration } from '@mikro-orm/migrations';

/** E-mails that wait or are under way, and for a week what came of them. */
export class Migration20261129110410Emails extends Migration {
  override up(): void {
    this.addSql(
      `create table "emails" ("id" uuid not null, "user_id" uuid not null, "type" varchar(60) not null, "subject_id" uuid not null, "params" jsonb not null default '{}', "status" varchar(20) not null default 'waiting', "settled" boolean not null default false, "attempts" int not null default 0, "reply" int null, "failure_code" varchar(60) null, "created_at" timestamptz(3) not null default now(), "attempted_at" timestamptz(3) null, "finished_at" timestamptz(3) null, constraint "emails_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "emails_user_id_index" on "emails" ("user_id")`);
    this.addSql(`create index "emails_created_at_index" on "emails" ("created_at")`);
    this.addSql(`create unique index emails_waiting on emails (user_id, type, subject_id) where status = 'waiting'`);
    this.addSql(`create index emails_in_turn on emails (id) where status = 'waiting'`);
    this.addSql(
      `alter table "emails" add constraint "emails_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
    );
  }

  override down(): void {
    this.addSql(`drop table "emails"`);
  }
}
