import { Migration } from '@mikro-orm/migrations';

/** Who is kept from what people do here, why, by whom and until when. */
export class Migration20261129023000UserSuspensions extends Migration {
  override up(): void {
    this.addSql(
      `create table "user_suspensions" ("id" uuid not null, "user_id" uuid not null, "reason" text not null, "suspended_by" uuid not null,
         "suspended_at" timestamptz(3) not null default now(), "until" timestamptz(3) null, "ended_at" timestamptz(3) null, "ending" varchar(10) null,
         "lifted_by" uuid null, "lift_reason" text null, constraint "user_suspensions_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "user_suspensions_user_id_index" on "user_suspensions" ("user_id")`);
    this.addSql(`create unique index user_suspensions_one_open on user_suspensions (user_id) where ended_at is null`);
    this.addSql(`create index user_suspensions_due on user_suspensions (until) where ended_at is null`);
    this.addSql(
      `alter table "user_suspensions" add constraint "user_suspensions_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
    );
  }

  override down(): void {
    this.addSql(`drop table "user_suspensions"`);
  }
}
