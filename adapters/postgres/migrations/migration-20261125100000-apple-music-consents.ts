import { Migration } from '@mikro-orm/migrations';

/** What a connection at Apple Music is known by: the storefront, and a hash of its token, since its account has no id. */
export class Migration20261125100000AppleMusicConsents extends Migration {
  override up(): void {
    this.addSql(`alter table "connections" add "storefront" varchar(2) null, add "consent_hash" varchar(64) null`);
    this.addSql(`alter table "connections" add constraint "connections_consent_hash_unique" unique ("consent_hash")`);
  }

  override down(): void {
    this.addSql(`alter table "connections" drop column "storefront", drop column "consent_hash"`);
  }
}
