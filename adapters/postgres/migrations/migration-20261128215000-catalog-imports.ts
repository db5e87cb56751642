import { Migration } from '@mikro-orm/migrations';

/** Artists and recordings from files, with who wrote and produced them. */
export class Migration20261128215000CatalogImports extends Migration {
  override up(): void {
    this.addSql(
      `create table "artist_aliases" ("artist_id" uuid not null, "name" varchar(300) not null, "locale" varchar(20) not null,
         "source" varchar(40) not null, constraint "artist_aliases_pkey" primary key ("artist_id", "name", "locale", "source"))`,
    );
    this.addSql(
      `create table "artist_genres" ("artist_id" uuid not null, "genre" varchar(100) not null, "source" varchar(40) not null,
         constraint "artist_genres_pkey" primary key ("artist_id", "genre", "source"))`,
    );
    this.addSql(
      `create table "recordings" ("id" uuid not null, "source" varchar(40) not null, "source_id" varchar(200) not null, "name" text not null,
         "duration_ms" int null, "digest" varchar(64) not null, "created_at" timestamptz(3) not null default now(),
         constraint "recordings_pkey" primary key ("id"))`,
    );
    this.addSql(
      `alter table "recordings" add constraint "recordings_source_source_id_unique" unique ("source", "source_id")`,
    );
    this.addSql(
      `create table "recording_links" ("recording_id" uuid not null, "kind" varchar(10) not null, "value" varchar(200) not null,
         constraint "recording_links_pkey" primary key ("recording_id", "kind", "value"))`,
    );
    this.addSql(`create index "recording_links_kind_value_index" on "recording_links" ("kind", "value")`);
    this.addSql(
      `create table "recording_credits" ("recording_id" uuid not null, "seq" smallint not null, "role" varchar(20) not null,
         "provider" varchar(20) null, "provider_id" varchar(100) null, "name" text not null, "name_key" text not null,
         constraint "recording_credits_pkey" primary key ("recording_id", "seq"))`,
    );
    this.addSql(`create index "recording_credits_name_key_index" on "recording_credits" ("name_key")`);
    this.addSql(
      `create index "recording_credits_provider_provider_id_index" on "recording_credits" ("provider", "provider_id")`,
    );
    this.addSql(`create index tracks_plain_isrc on tracks (upper(replace(isrc, '-', '')))`);
    this.addSql(
      `create table "catalog_imports" ("id" uuid not null, "user_id" uuid not null, "job_id" uuid not null, "kind" varchar(20) not null,
         "source" varchar(40) not null, "status" varchar(20) not null default 'running', "failure_code" varchar(60) null, "total" int not null,
         "created_at" timestamptz(3) not null default now(), "finished_at" timestamptz(3) null,
         constraint "catalog_imports_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "catalog_imports_user_id_index" on "catalog_imports" ("user_id")`);
    this.addSql(`create index "catalog_imports_status_index" on "catalog_imports" ("status")`);
    this.addSql(
      `create table "catalog_import_rows" ("import_id" uuid not null, "seq" int not null, "name" varchar(300) null, "entry" jsonb null,
         "outcome" varchar(20) not null default 'pending', "reason" varchar(40) null, "candidates" uuid[] not null default '{}',
         constraint "catalog_import_rows_pkey" primary key ("import_id", "seq"))`,
    );
    this.addSql(
      `create index "catalog_import_rows_import_id_outcome_seq_index" on "catalog_import_rows" ("import_id", "outcome", "seq")`,
    );
    for (const [table, column, target] of [
      ['artist_aliases', 'artist_id', 'artists'],
      ['artist_genres', 'artist_id', 'artists'],
      ['recording_links', 'recording_id', 'recordings'],
      ['recording_credits', 'recording_id', 'recordings'],
      ['catalog_imports', 'user_id', 'users'],
      ['catalog_import_rows', 'import_id', 'catalog_imports'],
    ])
      this.addSql(
        `alter table "${table}" add constraint "${table}_${column}_foreign" foreign key ("${column}") references "${target}" ("id") on update cascade on delete cascade`,
      );
  }

  override down(): void {
    for (const table of [
      'catalog_import_rows',
      'catalog_imports',
      'recording_credits',
      'recording_links',
      'recordings',
    ])
      this.addSql(`drop table "${table}"`);
    this.addSql(`drop index tracks_plain_isrc`);
    this.addSql(`drop table "artist_genres"`);
    this.addSql(`drop table "artist_aliases"`);
  }
}
