import { Migration } from '@mikro-orm/migrations';

/** Looking for doubles goes on in the next run where one does not end it: how far it has come. */
export class Migration20261129025000FeedStretches extends Migration {
  override up(): void {
    this.addSql(
      `alter table "catalog_feeds" add column "looking_until" pg_snapshot null, add column "look" varchar(10) null, add column "look_after" uuid null`,
    );
  }

  override down(): void {
    this.addSql(
      `alter table "catalog_feeds" drop column "looking_until", drop column "look", drop column "look_after"`,
    );
  }
}
