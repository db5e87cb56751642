import { Migration } from '@mikro-orm/migrations';

/** The file that a person can have of everything they have here. */
export class Migration20261125020000AccountExports extends Migration {
  override up(): void {
    this.addSql(
      `create table "account_exports" ("id" uuid not null, "user_id" uuid not null, "job_id" uuid not null, "status" varchar(20) not null default 'preparing', "size" int null, "failure_code" varchar(60) null, "created_at" timestamptz(3) not null default now(), "ready_at" timestamptz(3) null, "expires_at" timestamptz(3) null, constraint "account_exports_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "account_exports_user_id_index" on "account_exports" ("user_id")`);
    this.addSql(`create index "account_exports_expires_at_index" on "account_exports" ("expires_at")`);
    this.addSql(
      `create table "account_export_chunks" ("export_id" uuid not null, "seq" int not null, "bytes" bytea not null, constraint "account_export_chunks_pkey" primary key ("export_id", "seq"))`,
    );
    this.addSql(
      `alter table "account_exports" add constraint "account_exports_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "account_export_chunks" add constraint "account_export_chunks_export_id_foreign" foreign key ("export_id") references "account_exports" ("id") on update cascade on delete cascade`,
    );
  }
}
