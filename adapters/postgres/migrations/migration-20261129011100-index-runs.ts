import { Migration } from '@mikro-orm/migrations';

/** Runs of the indexer that had something to do. */
export class Migration20261129011100IndexRuns extends Migration {
  override up(): void {
    this.addSql(
      `create table "index_runs" ("id" uuid not null, "job_id" uuid null, "status" varchar(12) not null default 'running', "tables" jsonb not null,
         "written" int not null default 0, "removed" int not null default 0, "merged" int not null default 0, "queued" int not null default 0, "failure_code" varchar(60) null,
         "started_at" timestamptz(3) not null default now(), "finished_at" timestamptz(3) null, constraint "index_runs_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "index_runs_started_at_index" on "index_runs" ("started_at")`);
  }

  override down(): void {
    this.addSql(`drop table "index_runs"`);
  }
}
