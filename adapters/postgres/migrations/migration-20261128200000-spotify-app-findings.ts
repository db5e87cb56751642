import { Migration } from '@mikro-orm/migrations';

/** What calls have shown of Spotify apps. */
export class Migration20261128200000SpotifyAppFindings extends Migration {
  override up(): void {
    this.addSql(
      `create table "spotify_app_findings" ("client_id" varchar(255) not null, "configured" varchar(12) not null, "dialect" varchar(12) null,
         "dialect_found_at" timestamptz(3) null, "artists_refused_at" timestamptz(3) null, constraint "spotify_app_findings_pkey" primary key ("client_id"))`,
    );
  }

  override down(): void {
    this.addSql(`drop table "spotify_app_findings"`);
  }
}
