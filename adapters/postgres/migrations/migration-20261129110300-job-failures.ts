import { Migration } from '@mikro-orm/migrations';

/** Failures that operators have still to be told of, and jobs of everybody's in order, by status and by type. */
export class Migration20261129110300JobFailures extends Migration {
  override up(): void {
    this.addSql(`alter table "jobs" add column "failure_told_at" timestamptz(3) null`);
    // What failed before is told already.
    this.addSql(`update jobs set failure_told_at = finished_at where status = 'failed'`);
    this.addSql(`create index jobs_failures_untold on jobs (id) where status = 'failed' and failure_told_at is null`);
    this.addSql(`create index "jobs_status_id_index" on "jobs" ("status", "id")`);
    this.addSql(`create index "jobs_type_id_index" on "jobs" ("type", "id")`);
    this.addSql(`create index "jobs_retry_of_index" on "jobs" ("retry_of")`);
    this.addSql(`drop index "jobs_status_index"`);
  }

  override down(): void {
    this.addSql(`create index "jobs_status_index" on "jobs" ("status")`);
    this.addSql(`drop index "jobs_retry_of_index"`);
    this.addSql(`drop index "jobs_type_id_index"`);
    this.addSql(`drop index "jobs_status_id_index"`);
    this.addSql(`drop index jobs_failures_untold`);
    this.addSql(`alter table "jobs" drop column "failure_told_at"`);
  }
}
