import { Migration } from '@mikro-orm/migrations';

/** On what lists and offenses an action rested, which of those were withdrawn, and whose libraries were changed because of them. */
export class Migration20261129080600SourceWithdrawals extends Migration {
  override up(): void {
    this.addSql(`alter table "actions" add column "sources" text[] not null default '{}'`);
    this.addSql(`create index actions_by_source on actions using gin (sources) where sources <> '{}'`);
    this.addSql(
      `create table "source_withdrawals" ("id" uuid not null, "kind" varchar(10) not null, "list_id" uuid null, "category" varchar(40) null, "offense_id" uuid null, "artist_ids" uuid[] not null, "keys" text[] not null, "decision_id" uuid null, "made_at" timestamptz(3) not null default now(), "gathered_at" timestamptz(3) null, constraint "source_withdrawals_pkey" primary key ("id"))`,
    );
    this.addSql(`create index source_withdrawals_due on source_withdrawals (id) where gathered_at is null`);
    this.addSql(
      `create table "withdrawal_notices" ("id" uuid not null, "withdrawal_id" uuid not null, "user_id" uuid not null, "settled_at" timestamptz(3) null, "actions" int not null default 0, constraint "withdrawal_notices_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "withdrawal_notices_user_id_index" on "withdrawal_notices" ("user_id")`);
    this.addSql(
      `alter table "withdrawal_notices" add constraint "withdrawal_notices_withdrawal_id_user_id_unique" unique ("withdrawal_id", "user_id")`,
    );
    this.addSql(`create index withdrawal_notices_due on withdrawal_notices (id) where settled_at is null`);
    this.addSql(
      `alter table "withdrawal_notices" add constraint "withdrawal_notices_withdrawal_id_foreign" foreign key ("withdrawal_id") references "source_withdrawals" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "withdrawal_notices" add constraint "withdrawal_notices_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
    );
  }

  override down(): void {
    for (const table of ['withdrawal_notices', 'source_withdrawals']) this.addSql(`drop table "${table}"`);
    this.addSql(`alter table "actions" drop column "sources"`);
  }
}
