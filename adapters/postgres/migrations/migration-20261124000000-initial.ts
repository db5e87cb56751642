import { Migration } from '@mikro-orm/migrations';

/** The first schema. Extensions come first: columns and searches use them. */
export class Migration20261124000000Initial extends Migration {
  override up(): void {
    for (const extension of ['citext', 'pg_trgm', 'unaccent'])
      this.addSql(`create extension if not exists ${extension}`);
    this.addSql(
      `create table "albums" ("id" uuid not null, "uri" varchar(200) not null, "name" text not null, "image_url" text null, "release_date" varchar(10) null, "created_at" timestamptz(3) not null default now(), constraint "albums_pkey" primary key ("id"))`,
    );
    this.addSql(`alter table "albums" add constraint "albums_uri_unique" unique ("uri")`);
    this.addSql(
      `create table "artists" ("id" uuid not null, "name" text not null, "folded_name" text not null, "disambiguation" text null, "image_url" text null, "created_at" timestamptz(3) not null default now(), constraint "artists_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "artists_folded_name_index" on "artists" ("folded_name")`);
    this.addSql(`create index artists_folded_name_trgm on artists using gin (folded_name gin_trgm_ops)`);
    this.addSql(
      `create table "album_artists" ("album_id" uuid not null, "position" smallint not null, "artist_id" uuid not null, constraint "album_artists_pkey" primary key ("album_id", "position"))`,
    );
    this.addSql(`create index "album_artists_artist_id_index" on "album_artists" ("artist_id")`);
    this.addSql(
      `create table "artist_provider_ids" ("provider" varchar(20) not null, "provider_id" varchar(100) not null, "artist_id" uuid not null, constraint "artist_provider_ids_pkey" primary key ("provider", "provider_id"))`,
    );
    this.addSql(`create index "artist_provider_ids_artist_id_index" on "artist_provider_ids" ("artist_id")`);
    this.addSql(
      `create table "audit_entries" ("id" uuid not null, "actor_id" uuid null, "event" varchar(60) not null, "outcome" varchar(20) not null, "subject_type" varchar(30) null, "subject_id" uuid null, "details" jsonb not null default '{}', "request_id" varchar(64) null, "created_at" timestamptz(3) not null default now(), constraint "audit_entries_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "audit_entries_actor_id_index" on "audit_entries" ("actor_id")`);
    this.addSql(
      `create table "credentials" ("owner_id" uuid not null, "owner_type" varchar(20) not null, "provider" varchar(20) not null, "access_token" text not null, "refresh_token" text null, "key_id" varchar(32) not null, "access_expires_at" timestamptz(3) null, "version" int not null default 1, "updated_at" timestamptz(3) not null default now(), constraint "credentials_pkey" primary key ("owner_id"))`,
    );
    this.addSql(`create index "credentials_key_id_index" on "credentials" ("key_id")`);
    this.addSql(
      `create table "idempotency_keys" ("user_id" uuid not null, "key" varchar(200) not null, "request_hash" varchar(64) not null, "status" int null, "body" jsonb null, "location" text null, "created_at" timestamptz(3) not null default now(), "expires_at" timestamptz(3) not null, constraint "idempotency_keys_pkey" primary key ("user_id", "key"))`,
    );
    this.addSql(`create index "idempotency_keys_expires_at_index" on "idempotency_keys" ("expires_at")`);
    this.addSql(
      `create table "outbox" ("id" uuid not null, "workflow_type" varchar(60) not null, "workflow_id" varchar(200) not null, "input" jsonb not null, "search_attributes" jsonb not null, "request_id" varchar(64) null, "created_at" timestamptz(3) not null default now(), "started_at" timestamptz(3) null, constraint "outbox_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "outbox_started_at_created_at_index" on "outbox" ("started_at", "created_at")`);
    this.addSql(
      `create table "provider_gates" ("quota" varchar(60) not null, "provider" varchar(20) not null, "tokens" double precision not null default 0, "refilled_at" timestamptz(3) not null default now(), "closed_until" timestamptz(3) null, "closed_by_admin" boolean not null default false, "half_open" boolean not null default false, "probe_until" timestamptz(3) null, "last_retry_after" int null, "latency_ms" double precision null, "updated_at" timestamptz(3) not null default now(), constraint "provider_gates_pkey" primary key ("quota"))`,
    );
    this.addSql(
      `create table "tracks" ("id" uuid not null, "uri" varchar(200) not null, "name" text not null, "album_id" uuid null, "duration_ms" int null, "isrc" varchar(20) null, "created_at" timestamptz(3) not null default now(), constraint "tracks_pkey" primary key ("id"))`,
    );
    this.addSql(`alter table "tracks" add constraint "tracks_uri_unique" unique ("uri")`);
    this.addSql(`create index "tracks_album_id_index" on "tracks" ("album_id")`);
    this.addSql(
      `create table "track_artists" ("track_id" uuid not null, "position" smallint not null, "artist_id" uuid not null, constraint "track_artists_pkey" primary key ("track_id", "position"))`,
    );
    this.addSql(`create index "track_artists_artist_id_index" on "track_artists" ("artist_id")`);
    this.addSql(
      `create table "users" ("id" uuid not null, "display_name" text not null, "email" citext null, "settings" jsonb not null default '{}', "version" int not null default 1, "created_at" timestamptz(3) not null default now(), constraint "users_pkey" primary key ("id"))`,
    );
    this.addSql(
      `create table "sessions" ("id" uuid not null, "user_id" uuid not null, "token_hash" varchar(64) not null, "user_agent" varchar(200) null, "created_at" timestamptz(3) not null default now(), "last_seen_at" timestamptz(3) not null default now(), "expires_at" timestamptz(3) not null, constraint "sessions_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "sessions_user_id_index" on "sessions" ("user_id")`);
    this.addSql(`alter table "sessions" add constraint "sessions_token_hash_unique" unique ("token_hash")`);
    this.addSql(
      `create table "personal_tokens" ("id" uuid not null, "user_id" uuid not null, "name" varchar(100) not null, "token_hash" varchar(64) not null, "scopes" text[] not null, "created_at" timestamptz(3) not null default now(), "last_used_at" timestamptz(3) null, "expires_at" timestamptz(3) not null, constraint "personal_tokens_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "personal_tokens_user_id_index" on "personal_tokens" ("user_id")`);
    this.addSql(
      `alter table "personal_tokens" add constraint "personal_tokens_token_hash_unique" unique ("token_hash")`,
    );
    this.addSql(
      `create table "oauth_transactions" ("id" uuid not null, "provider" varchar(20) not null, "purpose" varchar(20) not null, "state_hash" varchar(64) not null, "cookie_hash" varchar(64) not null, "user_id" uuid null, "connection_id" uuid null, "return_to" text not null, "redirect_uri" text not null, "request_id" varchar(64) null, "flow_secrets" text not null, "callback_secrets" text null, "raw_answer" text null, "status" varchar(20) not null default 'started', "exchange_attempts" int not null default 0, "ambiguous_attempts" int not null default 0, "restarts" int not null default 0, "error_code" varchar(60) null, "result_user_id" uuid null, "result_connection_id" uuid null, "result_job_id" uuid null, "created_at" timestamptz(3) not null default now(), "claimed_at" timestamptz(3) null, "finished_at" timestamptz(3) null, "expires_at" timestamptz(3) not null, constraint "oauth_transactions_pkey" primary key ("id"))`,
    );
    this.addSql(
      `alter table "oauth_transactions" add constraint "oauth_transactions_state_hash_unique" unique ("state_hash")`,
    );
    this.addSql(`create index "oauth_transactions_user_id_index" on "oauth_transactions" ("user_id")`);
    this.addSql(`create index "oauth_transactions_expires_at_index" on "oauth_transactions" ("expires_at")`);
    this.addSql(
      `create table "jobs" ("id" uuid not null, "user_id" uuid not null, "type" varchar(40) not null, "subject_type" varchar(30) not null, "subject_id" uuid null, "provider" varchar(20) null, "workflow_id" varchar(200) not null, "workflow_run_id" varchar(100) null, "request_id" varchar(64) null, "status" varchar(20) not null default 'queued', "phase" varchar(40) null, "attempts" int not null default 0, "done" int not null default 0, "total" int not null default 0, "waiting_reason" varchar(40) null, "waiting_until" timestamptz(3) null, "failure_code" varchar(60) null, "retry_of" uuid null, "created_at" timestamptz(3) not null default now(), "started_at" timestamptz(3) null, "updated_at" timestamptz(3) not null default now(), "finished_at" timestamptz(3) null, constraint "jobs_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "jobs_user_id_index" on "jobs" ("user_id")`);
    this.addSql(`create index "jobs_workflow_id_index" on "jobs" ("workflow_id")`);
    this.addSql(`create index "jobs_status_index" on "jobs" ("status")`);
    this.addSql(
      `create table "job_milestones" ("job_id" uuid not null, "seq" int not null, "code" varchar(40) not null, "params" jsonb not null default '{}', "created_at" timestamptz(3) not null default now(), constraint "job_milestones_pkey" primary key ("job_id", "seq"))`,
    );
    this.addSql(
      `create table "identities" ("id" uuid not null, "user_id" uuid not null, "provider" varchar(20) not null, "subject" varchar(255) not null, "email" citext null, "email_verified" boolean not null default false, "created_at" timestamptz(3) not null default now(), "last_used_at" timestamptz(3) not null default now(), constraint "identities_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "identities_user_id_index" on "identities" ("user_id")`);
    this.addSql(
      `alter table "identities" add constraint "identities_provider_subject_unique" unique ("provider", "subject")`,
    );
    this.addSql(
      `create table "connections" ("id" uuid not null, "user_id" uuid not null, "provider" varchar(20) not null, "account_id" varchar(255) not null, "account_user_id" varchar(255) not null, "account_name" text not null, "client_id" varchar(255) not null, "quota" varchar(60) not null, "health" varchar(20) not null default 'healthy', "health_code" varchar(40) null, "scopes" text[] not null default '{}', "epoch" int not null default 1, "generation_id" uuid null, "sync_job_id" uuid null, "last_synced_at" timestamptz(3) null, "consented_at" timestamptz(3) not null default now(), "version" int not null default 1, "created_at" timestamptz(3) not null default now(), constraint "connections_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "connections_user_id_index" on "connections" ("user_id")`);
    this.addSql(
      `alter table "connections" add constraint "connections_provider_account_id_unique" unique ("provider", "account_id")`,
    );
    this.addSql(
      `create table "runs" ("id" uuid not null, "user_id" uuid not null, "connection_id" uuid not null, "job_id" uuid not null, "run_type" varchar(20) not null, "plan_id" uuid null, "rollback_of" uuid[] not null default '{}', "status" varchar(30) not null default 'queued', "on_failure" varchar(10) not null default 'keep', "epoch" int not null, "fence" int not null default 0, "cancel_requested_at" timestamptz(3) null, "cancel_with_rollback" boolean not null default false, "observations" jsonb not null default '{}', "receipt" jsonb null, "waiting_reason" varchar(40) null, "waiting_until" timestamptz(3) null, "failure_code" varchar(60) null, "provider_calls" int not null default 0, "created_at" timestamptz(3) not null default now(), "started_at" timestamptz(3) null, "finished_at" timestamptz(3) null, constraint "runs_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "runs_user_id_index" on "runs" ("user_id")`);
    this.addSql(`create index "runs_connection_id_index" on "runs" ("connection_id")`);
    this.addSql(`alter table "runs" add constraint "runs_plan_id_unique" unique ("plan_id")`);
    this.addSql(
      `create table "actions" ("id" uuid not null, "run_id" uuid not null, "seq" int not null, "plan_item_id" uuid null, "undoes_id" uuid null, "action_type" varchar(40) not null, "item_type" varchar(20) not null, "uri" varchar(300) not null, "playlist_id" varchar(100) null, "name" text not null, "artist_ids" uuid[] not null default '{}', "status" varchar(20) not null default 'pending', "outcome_code" varchar(40) null, "losses" text[] not null default '{}', "approximate" boolean not null default false, "attempt" int not null default 0, "before" jsonb null, "applied_at" timestamptz(3) null, "updated_at" timestamptz(3) not null default now(), constraint "actions_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "actions_undoes_id_index" on "actions" ("undoes_id")`);
    this.addSql(`create index "actions_run_id_status_index" on "actions" ("run_id", "status")`);
    this.addSql(`alter table "actions" add constraint "actions_run_id_seq_unique" unique ("run_id", "seq")`);
    this.addSql(
      `create table "playlist_sequences" ("connection_id" uuid not null, "playlist_id" varchar(100) not null, "snapshot_id" varchar(255) null, "sequence" bytea not null, "pending" jsonb null, "version" int not null default 1, "updated_at" timestamptz(3) not null default now(), constraint "playlist_sequences_pkey" primary key ("connection_id", "playlist_id"))`,
    );
    this.addSql(
      `create table "plans" ("id" uuid not null, "user_id" uuid not null, "connection_id" uuid not null, "job_id" uuid not null, "preset" varchar(20) not null, "switches" jsonb not null default '{}', "on_failure" varchar(10) not null default 'keep', "status" varchar(20) not null default 'preparing', "stale_reasons" text[] not null default '{}', "failure_code" varchar(60) null, "generation_id" uuid null, "provider_calls" int not null default 0, "estimated_seconds" int not null default 0, "run_id" uuid null, "version" int not null default 1, "created_at" timestamptz(3) not null default now(), "ready_at" timestamptz(3) null, "expires_at" timestamptz(3) not null, constraint "plans_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "plans_user_id_index" on "plans" ("user_id")`);
    this.addSql(`create index "plans_connection_id_index" on "plans" ("connection_id")`);
    this.addSql(
      `create table "plan_items" ("id" uuid not null, "plan_id" uuid not null, "seq" int not null, "item_type" varchar(20) not null, "uri" varchar(300) not null, "playlist_id" varchar(100) null, "playlist_name" text null, "positions" jsonb null, "name" text not null, "artists" jsonb not null, "album" text null, "url" text null, "image_url" text null, "matches" jsonb not null, "action_type" varchar(40) not null, "losses" text[] not null default '{}', "included" boolean not null, "needs_review" boolean not null default false, "not_enforceable" varchar(40) null, constraint "plan_items_pkey" primary key ("id"))`,
    );
    this.addSql(`alter table "plan_items" add constraint "plan_items_plan_id_seq_unique" unique ("plan_id", "seq")`);
    this.addSql(
      `create table "library_generations" ("id" uuid not null, "connection_id" uuid not null, "job_id" uuid not null, "status" varchar(20) not null default 'building', "cursor" jsonb not null default '{}', "counts" jsonb not null default '{}', "provider_calls" int not null default 0, "complete" boolean not null default true, "started_at" timestamptz(3) not null default now(), "published_at" timestamptz(3) null, constraint "library_generations_pkey" primary key ("id"))`,
    );
    this.addSql(`create index "library_generations_connection_id_index" on "library_generations" ("connection_id")`);
    this.addSql(`create index "library_generations_job_id_index" on "library_generations" ("job_id")`);
    this.addSql(
      `create table "library_pages" ("generation_id" uuid not null, "kind" varchar(20) not null, "provider_id" varchar(100) not null, "page" int not null, "entries" jsonb not null, constraint "library_pages_pkey" primary key ("generation_id", "kind", "provider_id", "page"))`,
    );
    this.addSql(
      `create table "library_contents" ("id" uuid not null, "connection_id" uuid not null, "kind" varchar(20) not null, "fingerprint" varchar(64) not null, "entries" bytea not null, "length" int not null, "created_at" timestamptz(3) not null default now(), constraint "library_contents_pkey" primary key ("id"))`,
    );
    this.addSql(
      `alter table "library_contents" add constraint "library_contents_connection_id_kind_fingerprint_unique" unique ("connection_id", "kind", "fingerprint")`,
    );
    this.addSql(
      `create table "library_parts" ("generation_id" uuid not null, "kind" varchar(20) not null, "provider_id" varchar(100) not null, "position" int not null default 0, "name" text null, "owner_id" varchar(255) null, "collaborative" boolean not null default false, "snapshot_id" varchar(255) null, "content_id" uuid null, "length" int not null default 0, constraint "library_parts_pkey" primary key ("generation_id", "kind", "provider_id"))`,
    );
    this.addSql(`create index "library_parts_content_id_index" on "library_parts" ("content_id")`);
    this.addSql(
      `create table "connection_locks" ("connection_id" uuid not null, "run_id" uuid not null, "acquired_at" timestamptz(3) not null default now(), constraint "connection_locks_pkey" primary key ("connection_id"))`,
    );
    this.addSql(`create index "connection_locks_run_id_index" on "connection_locks" ("run_id")`);
    this.addSql(
      `create table "blocks" ("user_id" uuid not null, "artist_id" uuid not null, "note" text null, "tags" text[] not null default '{}', "expires_at" timestamptz(3) null, "version" int not null default 1, "created_at" timestamptz(3) not null default now(), "updated_at" timestamptz(3) not null default now(), constraint "blocks_pkey" primary key ("user_id", "artist_id"))`,
    );
    this.addSql(`create index "blocks_artist_id_index" on "blocks" ("artist_id")`);
    this.addSql(
      `create table "user_roles" ("user_id" uuid not null, "role" varchar(20) not null, "granted_at" timestamptz(3) not null default now(), constraint "user_roles_pkey" primary key ("user_id", "role"))`,
    );
    this.addSql(
      `alter table "album_artists" add constraint "album_artists_album_id_foreign" foreign key ("album_id") references "albums" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "album_artists" add constraint "album_artists_artist_id_foreign" foreign key ("artist_id") references "artists" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "artist_provider_ids" add constraint "artist_provider_ids_artist_id_foreign" foreign key ("artist_id") references "artists" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "tracks" add constraint "tracks_album_id_foreign" foreign key ("album_id") references "albums" ("id") on update cascade on delete set null`,
    );
    this.addSql(
      `alter table "track_artists" add constraint "track_artists_track_id_foreign" foreign key ("track_id") references "tracks" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "track_artists" add constraint "track_artists_artist_id_foreign" foreign key ("artist_id") references "artists" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "sessions" add constraint "sessions_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "personal_tokens" add constraint "personal_tokens_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "oauth_transactions" add constraint "oauth_transactions_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "jobs" add constraint "jobs_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "job_milestones" add constraint "job_milestones_job_id_foreign" foreign key ("job_id") references "jobs" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "identities" add constraint "identities_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "connections" add constraint "connections_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "runs" add constraint "runs_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "runs" add constraint "runs_connection_id_foreign" foreign key ("connection_id") references "connections" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "actions" add constraint "actions_run_id_foreign" foreign key ("run_id") references "runs" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "playlist_sequences" add constraint "playlist_sequences_connection_id_foreign" foreign key ("connection_id") references "connections" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "plans" add constraint "plans_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "plans" add constraint "plans_connection_id_foreign" foreign key ("connection_id") references "connections" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "plan_items" add constraint "plan_items_plan_id_foreign" foreign key ("plan_id") references "plans" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "library_generations" add constraint "library_generations_connection_id_foreign" foreign key ("connection_id") references "connections" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "library_pages" add constraint "library_pages_generation_id_foreign" foreign key ("generation_id") references "library_generations" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "library_contents" add constraint "library_contents_connection_id_foreign" foreign key ("connection_id") references "connections" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "library_parts" add constraint "library_parts_generation_id_foreign" foreign key ("generation_id") references "library_generations" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "library_parts" add constraint "library_parts_content_id_foreign" foreign key ("content_id") references "library_contents" ("id") on update cascade on delete set null`,
    );
    this.addSql(
      `alter table "connection_locks" add constraint "connection_locks_connection_id_foreign" foreign key ("connection_id") references "connections" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "blocks" add constraint "blocks_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "blocks" add constraint "blocks_artist_id_foreign" foreign key ("artist_id") references "artists" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "user_roles" add constraint "user_roles_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade`,
    );
    // The application's role reads and writes rows and nothing else; it exists where the launcher or the operator made it.
    this.addSql(`do $$ begin
      if exists (select from pg_roles where rolname = 'dnp_app') then
        grant usage on schema public to dnp_app;
        grant select, insert, update, delete on all tables in schema public to dnp_app;
        alter default privileges in schema public grant select, insert, update, delete on tables to dnp_app;
        alter default privileges in schema public grant usage, select on sequences to dnp_app;
      end if;
    end $$`);
  }
}
