import { Migration } from '@mikro-orm/migrations';

/** What people are told: live events, notifications, and deliveries to addresses that they named. */
export class Migration20261125130000Announcements extends Migration {
  override up(): void {
    this.addSql(
      `create table "person_events" ("id" bigserial primary key, "user_id" uuid not null, "type" varchar(60) not null, "params" jsonb not null default '{}', "created_at" timestamptz(3) not null default now())`,
    );
    this.addSql(`create index "person_events_user_id_id_index" on "person_events" ("user_id", "id")`);
    this.addSql(`create index "person_events_created_at_index" on "person_events" ("created_at")`);
    this.addSql(
      `create table "notifications" ("id" uuid not null, "user_id" uuid not null, "type" varchar(60) not null, "subject_id" uuid not null, "params" jsonb not null default '{}', "created_at" timestamptz(3) not null default now(), "read_at" timestamptz(3) null, constraint "notifications_pkey" primary key ("id"))`,
    );
    this.addSql(
      `create index "notifications_user_id_created_at_id_index" on "notifications" ("user_id", "created_at", "id")`,
    );
    this.addSql(
      `create table "webhooks" ("id" uuid not null, "user_id" uuid not null, "url" text not null, "events" text[] not null default '{}', "secret" text not null, "failing_since" timestamptz(3) null, "failures" int not null default 0, "disabled_reason" varchar(40) null, "disabled_at" timestamptz(3) null, "created_at" timestamptz(3) not null default now(), constraint "webhooks_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "webhooks_user_id_index" on "webhooks" ("user_id")`);
    this.addSql(
      `create table "webhook_deliveries" ("id" uuid not null, "webhook_id" uuid not null, "type" varchar(60) not null, "params" jsonb not null default '{}', "status" varchar(20) not null default 'pending', "attempts" int not null default 0, "last_status" int null, "failure_code" varchar(60) null, "created_at" timestamptz(3) not null default now(), "attempted_at" timestamptz(3) null, "finished_at" timestamptz(3) null, constraint "webhook_deliveries_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "webhook_deliveries_webhook_id_id_index" on "webhook_deliveries" ("webhook_id", "id")`);
    this.addSql(`create index "webhook_deliveries_created_at_index" on "webhook_deliveries" ("created_at")`);
    for (const table of ['person_events', 'notifications', 'webhooks'])
      this.addSql(
        `alter table "${table}" add constraint "${table}_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
      );
    this.addSql(
      `alter table "webhook_deliveries" add constraint "webhook_deliveries_webhook_id_foreign" foreign key ("webhook_id") references "webhooks" ("id") on update cascade on delete cascade`,
    );
  }
}
