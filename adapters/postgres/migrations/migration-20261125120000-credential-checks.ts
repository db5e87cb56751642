import { Migration } from '@mikro-orm/migrations';

/** When each credential is looked at next, who renews it right now, and whom we have told that a consent ends. */
export class Migration20261125120000CredentialChecks extends Migration {
  override up(): void {
    this.addSql(
      `alter table "credentials" add "next_check_at" timestamptz(3) null, add "checked_at" timestamptz(3) null,
         add "lease_holder" varchar(80) null, add "leased_until" timestamptz(3) null`,
    );
    this.addSql(`create index "credentials_next_check_at_index" on "credentials" ("next_check_at")`);
    this.addSql(`alter table "connections" add "consent_warned_at" timestamptz(3) null`);
    // What is there already is spread over the coming day, so that the first hour does not ask for everybody.
    this.addSql(
      `update credentials set next_check_at = now() + random() * interval '1 day' where owner_type = 'connection'`,
    );
    this.addSql(
      `update credentials set next_check_at = now() + interval '60 days' + random() * interval '30 days'
        where owner_type = 'identity' and refresh_token is not null`,
    );
  }

  override down(): void {
    this.addSql(`alter table "connections" drop column "consent_warned_at"`);
    this.addSql(`drop index "credentials_next_check_at_index"`);
    this.addSql(
      `alter table "credentials" drop column "next_check_at", drop column "checked_at", drop column "lease_holder",
         drop column "leased_until"`,
    );
  }
}
