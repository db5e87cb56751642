import { Migration } from '@mikro-orm/migrations';

/** Several Spotify apps: people's own, which app a flow goes through, and a quick count of who uses each. */
export class Migration20261125110000ProviderApps extends Migration {
  override up(): void {
    this.addSql(
      `create table "provider_apps" ("id" uuid not null, "user_id" uuid not null, "provider" varchar(20) not null,
         "client_id" varchar(64) not null, "created_at" timestamptz(3) not null default now(),
         "retired_at" timestamptz(3) null, constraint "provider_apps_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "provider_apps_client_id_index" on "provider_apps" ("client_id")`);
    this.addSql(
      `alter table "provider_apps" add constraint "provider_apps_user_id_provider_client_id_unique" unique ("user_id", "provider", "client_id")`,
    );
    this.addSql(
      `alter table "provider_apps" add constraint "provider_apps_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
    );
    this.addSql(`alter table "oauth_transactions" add "client_id" varchar(64) null`);
    this.addSql(`create index "connections_client_id_index" on "connections" ("client_id")`);
  }

  override down(): void {
    this.addSql(`drop index "connections_client_id_index"`);
    this.addSql(`alter table "oauth_transactions" drop column "client_id"`);
    this.addSql(`drop table "provider_apps"`);
  }
}
