import { Migration } from '@mikro-orm/migrations';

/** Blocks that end by themselves, what comes back with them, and who had a run begin. */
export class Migration20261128202000BlockEnds extends Migration {
  override up(): void {
    for (const table of ['blocks', 'track_blocks']) {
      this.addSql(
        `alter table "${table}" add "on_expiry" varchar(10) not null default 'keep', add "ended_at" timestamptz(3) null`,
      );
      this.addSql(`create index "${table}_ended_at_expires_at_index" on "${table}" ("ended_at", "expires_at")`);
    }
    this.addSql(
      `create table "block_restores" ("id" uuid not null, "connection_id" uuid not null, "subject_type" varchar(10) not null, "subject_id" uuid not null,
         "expired_at" timestamptz(3) not null, "status" varchar(20) not null default 'waiting', "waiting_reason" varchar(40) null, "next_try_at" timestamptz(3) not null default now(),
         "run_id" uuid null, "created_at" timestamptz(3) not null default now(), "finished_at" timestamptz(3) null, constraint "block_restores_pkey" primary key ("id"))`,
    );
    this.addSql(
      `create index "block_restores_finished_at_next_try_at_index" on "block_restores" ("finished_at", "next_try_at")`,
    );
    this.addSql(
      `alter table "block_restores" add constraint "block_restores_connection_id_subject_type_subject_dbdca_unique" unique ("connection_id", "subject_type", "subject_id", "expired_at")`,
    );
    this.addSql(
      `alter table "block_restores" add constraint "block_restores_connection_id_foreign" foreign key ("connection_id") references "connections" ("id") on update cascade on delete cascade`,
    );
    this.addSql(`alter table "runs" add "started_by" varchar(20) not null default 'person'`);
  }

  override down(): void {
    this.addSql(`alter table "runs" drop column "started_by"`);
    this.addSql(`drop table "block_restores"`);
    for (const table of ['blocks', 'track_blocks']) {
      this.addSql(`drop index "${table}_ended_at_expires_at_index"`);
      this.addSql(`alter table "${table}" drop column "on_expiry", drop column "ended_at"`);
    }
  }
}
