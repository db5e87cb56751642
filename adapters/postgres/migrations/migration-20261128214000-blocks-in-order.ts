import { Migration } from '@mikro-orm/migrations';

/** A person's blocks page by page, in the order in which they were made. */
export class Migration20261128214000BlocksInOrder extends Migration {
  override up(): void {
    this.addSql(
      `create index "blocks_user_id_created_at_artist_id_index" on "blocks" ("user_id", "created_at", "artist_id")`,
    );
  }

  override down(): void {
    this.addSql(`drop index "blocks_user_id_created_at_artist_id_index"`);
  }
}
