import { Migration } from '@mikro-orm/migrations';

/** The releases that imported recordings are on. */
export class Migration20261129014400RecordingAlbums extends Migration {
  override up(): void {
    this.addSql(
      `create table "recording_albums" ("recording_id" uuid not null, "album_id" uuid not null,
         constraint "recording_albums_pkey" primary key ("recording_id", "album_id"))`,
    );
    this.addSql(`create index "recording_albums_album_id_index" on "recording_albums" ("album_id")`);
    for (const [column, target] of [
      ['recording_id', 'recordings'],
      ['album_id', 'albums'],
    ])
      this.addSql(
        `alter table "recording_albums" add constraint "recording_albums_${column}_foreign" foreign key ("${column}") references "${target}" ("id") on update cascade on delete cascade`,
      );
  }

  override down(): void {
    this.addSql(`drop table "recording_albums"`);
  }
}
