import { Migration } from '@mikro-orm/migrations';

/** Blocks of single tracks, and what a person keeps although something blocks it. */
export class Migration20261125160000Exceptions extends Migration {
  override up(): void {
    this.addSql(
      `create table "track_blocks" ("id" uuid not null, "user_id" uuid not null, "track_id" uuid not null, "expires_at" timestamptz(3) null,
         "created_at" timestamptz(3) not null default now(), constraint "track_blocks_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "track_blocks_track_id_index" on "track_blocks" ("track_id")`);
    this.addSql(
      `alter table "track_blocks" add constraint "track_blocks_user_id_track_id_unique" unique ("user_id", "track_id")`,
    );
    this.addSql(
      `alter table "track_blocks" add constraint "track_blocks_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "track_blocks" add constraint "track_blocks_track_id_foreign" foreign key ("track_id") references "tracks" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `create table "exceptions" ("id" uuid not null, "user_id" uuid not null, "subject_type" varchar(10) not null, "subject_id" uuid not null,
         "created_at" timestamptz(3) not null default now(), constraint "exceptions_pkey" primary key ("id"))`,
    );
    this.addSql(
      `alter table "exceptions" add constraint "exceptions_user_id_subject_type_subject_id_unique" unique ("user_id", "subject_type", "subject_id")`,
    );
    this.addSql(
      `alter table "exceptions" add constraint "exceptions_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
    );
  }

  override down(): void {
    this.addSql(`drop table "exceptions"`);
    this.addSql(`drop table "track_blocks"`);
  }
}
