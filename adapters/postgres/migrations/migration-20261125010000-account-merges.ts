import { Migration } from '@mikro-orm/migrations';

/** Merging two accounts: the offer and its end, the journal of what was moved, and whom a merged person now is. */
export class Migration20261125010000AccountMerges extends Migration {
  override up(): void {
    this.addSql(
      `create table "account_merges" ("id" uuid not null, "survivor_id" uuid not null, "absorbed_id" uuid not null, "flow_id" uuid null, "status" varchar(20) not null default 'offered', "job_id" uuid null, "undo_job_id" uuid null, "failure_code" varchar(60) null, "created_at" timestamptz(3) not null default now(), "expires_at" timestamptz(3) not null, "confirmed_at" timestamptz(3) null, "merged_at" timestamptz(3) null, "undo_until" timestamptz(3) null, "undone_at" timestamptz(3) null, "final_at" timestamptz(3) null, constraint "account_merges_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "account_merges_survivor_id_index" on "account_merges" ("survivor_id")`);
    this.addSql(`create index "account_merges_absorbed_id_index" on "account_merges" ("absorbed_id")`);
    this.addSql(`alter table "account_merges" add constraint "account_merges_flow_id_unique" unique ("flow_id")`);
    this.addSql(`create index "account_merges_status_index" on "account_merges" ("status")`);
    this.addSql(
      `create table "account_merge_moves" ("merge_id" uuid not null, "table_name" varchar(40) not null, "row_id" uuid not null, "before" jsonb null, constraint "account_merge_moves_pkey" primary key ("merge_id", "table_name", "row_id"))`,
    );
    this.addSql(
      `alter table "account_merges" add constraint "account_merges_survivor_id_foreign" foreign key ("survivor_id") references "users" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "account_merge_moves" add constraint "account_merge_moves_merge_id_foreign" foreign key ("merge_id") references "account_merges" ("id") on update cascade on delete cascade`,
    );
    this.addSql(`alter table "users" add column "merged_into" uuid null`);
    this.addSql(`create index "users_merged_into_index" on "users" ("merged_into")`);
  }
}
