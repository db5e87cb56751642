import { Migration } from '@mikro-orm/migrations';

/** What providers say about people: names, kept until they can be used, and relay addresses; the merge that a flow led to. */
export class Migration20261125030000IdentityNames extends Migration {
  override up(): void {
    this.addSql(
      `alter table "identities" add column "name" text null, add column "email_private" boolean not null default false`,
    );
    this.addSql(`create index "identities_email_index" on "identities" ("email")`);
    this.addSql(`create index "users_email_index" on "users" ("email")`);
    this.addSql(`alter table "oauth_transactions" add column "result_merge_id" uuid null`);
    this.addSql(
      `create table "kept_names" ("id" uuid not null, "provider" varchar(20) not null, "subject_hash" varchar(64) not null, "sealed" text not null, "created_at" timestamptz(3) not null default now(), "expires_at" timestamptz(3) not null, constraint "kept_names_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "kept_names_provider_subject_hash_index" on "kept_names" ("provider", "subject_hash")`);
    this.addSql(`create index "kept_names_expires_at_index" on "kept_names" ("expires_at")`);
  }
}
