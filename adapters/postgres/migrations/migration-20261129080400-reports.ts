import { Migration } from '@mikro-orm/migrations';

/** What people report, with or without an account. */
export class Migration20261129080400Reports extends Migration {
  override up(): void {
    this.addSql(
      `create table "reports" ("id" uuid not null, "case_id" uuid not null, "user_id" uuid null, "category" varchar(40) not null, "rule" varchar(60) null, "explanation" text null, "contact" text null, "receipt_hash" varchar(64) not null, "created_at" timestamptz(3) not null default now(), constraint "reports_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "reports_case_id_index" on "reports" ("case_id")`);
    this.addSql(`create index "reports_user_id_index" on "reports" ("user_id")`);
    this.addSql(`alter table "reports" add constraint "reports_receipt_hash_unique" unique ("receipt_hash")`);
    this.addSql(`create index "reports_created_at_index" on "reports" ("created_at")`);
    this.addSql(
      `alter table "reports" add constraint "reports_case_id_foreign" foreign key ("case_id") references "moderation_cases" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "reports" add constraint "reports_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete set null`,
    );
  }

  override down(): void {
    this.addSql(`drop table "reports" cascade`);
  }
}
