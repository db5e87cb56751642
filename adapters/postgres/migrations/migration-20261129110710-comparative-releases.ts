import { Migration } from '@mikro-orm/migrations';

/** What is released of a day to compare with, and what it cost. Rows of both are only ever added. */
export class Migration20261129110710ComparativeReleases extends Migration {
  override up(): void {
    this.addSql(
      `create table "privacy_spends" ("day" date not null, "epsilon_milli" int not null, "made_at" timestamptz(3) not null default now(), constraint "privacy_spends_pkey" primary key ("day"))`,
    );
    this.addSql(
      `create table "comparative_releases" ("day" date not null, "mechanism" varchar(60) not null, "threshold" int not null, "groups" jsonb not null, constraint "comparative_releases_pkey" primary key ("day"))`,
    );
    this.addSql(
      `alter table "comparative_releases" add constraint "comparative_releases_day_foreign" foreign key ("day") references "privacy_spends" ("day") on update cascade on delete restrict`,
    );
    for (const table of ['privacy_spends', 'comparative_releases'])
      this.addSql(
        `create trigger ${table}_append_only before update or delete or truncate on ${table} for each statement execute function audit_refuse_change()`,
      );
    this.addSql(`do $$ begin
      if exists (select from pg_roles where rolname = 'dnp_app') then
        revoke all on privacy_spends, comparative_releases from dnp_app;
        grant select, insert on privacy_spends, comparative_releases to dnp_app;
      end if;
    end $$`);
  }

  override down(): void {
    for (const table of ['comparative_releases', 'privacy_spends']) this.addSql(`drop table "${table}"`);
  }
}
