import { Migration } from '@mikro-orm/migrations';

/** What lists and categories say, by artist. */
export class Migration20261129080200FollowedSources extends Migration {
  override up(): void {
    this.addSql(`create index "list_entries_list_id_artist_id_index" on "list_entries" ("list_id", "artist_id")`);
    this.addSql(`drop index "list_entries_list_id_index"`);
    this.addSql(
      `create index offenses_that_count on offenses (category, artist_id) where status in ('sources_verified', 'contested')`,
    );
  }

  override down(): void {
    this.addSql(`drop index "offenses_that_count"`);
    this.addSql(`create index "list_entries_list_id_index" on "list_entries" ("list_id")`);
    this.addSql(`drop index "list_entries_list_id_artist_id_index"`);
  }
}
