import { Migration } from '@mikro-orm/migrations';

/** Connections whose person has taken them away, until nothing of them is left. */
export class Migration20261125140000Disconnection extends Migration {
  override up(): void {
    this.addSql(`alter table "connections" add "disconnecting_since" timestamptz(3) null`);
  }

  override down(): void {
    this.addSql(`alter table "connections" drop column "disconnecting_since"`);
  }
}
