import { Migration } from '@mikro-orm/migrations';

/** Files of blocks that people give, row by row. */
export class Migration20261128190000BlockImports extends Migration {
  override up(): void {
    this.addSql(
      `create table "block_imports" ("id" uuid not null, "user_id" uuid not null, "job_id" uuid not null, "mode" varchar(10) not null,
         "dry_run" boolean not null, "confirmed" boolean not null, "status" varchar(20) not null default 'running', "failure_code" varchar(60) null,
         "total" int not null, "created_at" timestamptz(3) not null default now(), "finished_at" timestamptz(3) null,
         constraint "block_imports_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "block_imports_user_id_index" on "block_imports" ("user_id")`);
    this.addSql(
      `create table "block_import_rows" ("import_id" uuid not null, "seq" int not null, "name" text null, "given_id" uuid null,
         "provider_ids" jsonb not null default '{}', "note" text null, "tags" text[] not null default '{}', "expires_at" timestamptz(3) null,
         "on_expiry" varchar(10) not null default 'keep', "artist_id" uuid null, "outcome" varchar(20) not null default 'pending', "reason" varchar(40) null,
         "candidates" uuid[] not null default '{}', constraint "block_import_rows_pkey" primary key ("import_id", "seq"))`,
    );
    this.addSql(`create index "block_import_rows_artist_id_index" on "block_import_rows" ("artist_id")`);
    this.addSql(
      `create index "block_import_rows_import_id_outcome_seq_index" on "block_import_rows" ("import_id", "outcome", "seq")`,
    );
    this.addSql(
      `alter table "block_imports" add constraint "block_imports_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "block_import_rows" add constraint "block_import_rows_import_id_foreign" foreign key ("import_id") references "block_imports" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "block_import_rows" add constraint "block_import_rows_artist_id_foreign" foreign key ("artist_id") references "artists" ("id") on update cascade on delete set null`,
    );
  }

  override down(): void {
    this.addSql(`drop table "block_import_rows"`);
    this.addSql(`drop table "block_imports"`);
  }
}
