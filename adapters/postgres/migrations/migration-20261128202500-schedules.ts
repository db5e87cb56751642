import { Migration } from '@mikro-orm/migrations';

/** Weekly enforcement without its person: the schedules, and their turns. */
export class Migration20261128202500Schedules extends Migration {
  override up(): void {
    this.addSql(
      `create table "connection_schedules" ("connection_id" uuid not null, "mode" varchar(10) not null, "weekday" varchar(10) not null, "hour" int not null,
         "time_zone" varchar(64) not null, "preset" varchar(20) not null, "switches" jsonb not null default '{}', "next_due_at" timestamptz(3) not null,
         "version" int not null default 1, "created_at" timestamptz(3) not null default now(), "updated_at" timestamptz(3) not null default now(),
         constraint "connection_schedules_pkey" primary key ("connection_id"))`,
    );
    this.addSql(`create index "connection_schedules_next_due_at_index" on "connection_schedules" ("next_due_at")`);
    this.addSql(
      `create table "scheduled_enforcements" ("id" uuid not null, "connection_id" uuid not null, "due_at" timestamptz(3) not null, "plan_id" uuid not null, "run_id" uuid null,
         "status" varchar(20) not null default 'preparing', "reason" varchar(60) null, "created_at" timestamptz(3) not null default now(), "finished_at" timestamptz(3) null,
         constraint "scheduled_enforcements_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "scheduled_enforcements_finished_at_index" on "scheduled_enforcements" ("finished_at")`);
    this.addSql(
      `alter table "scheduled_enforcements" add constraint "scheduled_enforcements_plan_id_unique" unique ("plan_id")`,
    );
    this.addSql(
      `alter table "scheduled_enforcements" add constraint "scheduled_enforcements_connection_id_due_at_unique" unique ("connection_id", "due_at")`,
    );
    for (const table of ['connection_schedules', 'scheduled_enforcements'])
      this.addSql(
        `alter table "${table}" add constraint "${table}_connection_id_foreign" foreign key ("connection_id") references "connections" ("id") on update cascade on delete cascade`,
      );
  }

  override down(): void {
    this.addSql(`drop table "scheduled_enforcements"`);
    this.addSql(`drop table "connection_schedules"`);
  }
}
