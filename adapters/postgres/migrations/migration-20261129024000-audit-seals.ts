import { Migration } from '@mikro-orm/migrations';

/**
 * The audit is only ever added to: the application has no right to change or remove its rows, and triggers refuse it to everybody
 * who does not switch them off. What is added is noted for being sealed, with what it
 * was; what was there before is sealed as it is.
 */
export class Migration20261129024000AuditSeals extends Migration {
  override up(): void {
    this.addSql(`create index "audit_entries_subject_id_index" on "audit_entries" ("subject_id")`);
    this.addSql(`create index "audit_entries_created_at_id_index" on "audit_entries" ("created_at", "id")`);
    this.addSql(
      `create table "audit_seals" ("sequence" bigint not null, "entry_id" uuid not null, "key_id" varchar(32) not null, "mac" varchar(43) not null, "sealed_at" timestamptz(3) not null default now(), constraint "audit_seals_pkey" primary key ("sequence"))`,
    );
    this.addSql(`alter table "audit_seals" add constraint "audit_seals_entry_id_unique" unique ("entry_id")`);
    this.addSql(
      `create table "audit_unsealed" ("entry_id" uuid not null, "digest" bytea not null, "noted_at" timestamptz(3) not null default now(), constraint "audit_unsealed_pkey" primary key ("entry_id"))`,
    );

    this.addSql(`create function audit_digest(a audit_entries) returns bytea language sql stable as $$
      select sha256(convert_to(jsonb_build_array(a.id, a.actor_id, a.event, a.outcome, a.subject_type, a.subject_id, a.details,
        a.request_id, extract(epoch from a.created_at))::text, 'UTF8'))
    $$`);
    this.addSql(`create function audit_note_unsealed() returns trigger language plpgsql as $$ begin
      insert into audit_unsealed (entry_id, digest) values (new.id, audit_digest(new));
      return null;
    end $$`);
    this.addSql(
      `create trigger audit_entries_noted after insert on audit_entries for each row execute function audit_note_unsealed()`,
    );
    this.addSql(`insert into audit_unsealed (entry_id, digest) select a.id, audit_digest(a) from audit_entries a`);

    this.addSql(`create function audit_refuse_change() returns trigger language plpgsql as $$ begin
      raise exception 'rows of % are only ever added', tg_table_name using errcode = 'insufficient_privilege';
    end $$`);
    for (const table of ['audit_entries', 'audit_seals'])
      this.addSql(
        `create trigger ${table}_append_only before update or delete or truncate on ${table} for each statement execute function audit_refuse_change()`,
      );
    this.addSql(`do $$ begin
      if exists (select from pg_roles where rolname = 'dnp_app') then
        revoke all on audit_entries, audit_seals, audit_unsealed from dnp_app;
        grant select, insert on audit_entries, audit_seals to dnp_app;
        grant select, insert, delete on audit_unsealed to dnp_app;
      end if;
    end $$`);
  }

  override down(): void {
    this.addSql(`drop trigger audit_entries_append_only on audit_entries`);
    this.addSql(`drop trigger audit_entries_noted on audit_entries`);
    this.addSql(`drop table "audit_unsealed"`);
    this.addSql(`drop table "audit_seals"`);
    this.addSql(`drop function audit_note_unsealed()`);
    this.addSql(`drop function audit_digest(audit_entries)`);
    this.addSql(`drop function audit_refuse_change()`);
    this.addSql(`drop index "audit_entries_created_at_id_index"`);
    this.addSql(`drop index "audit_entries_subject_id_index"`);
    this.addSql(`do $$ begin
      if exists (select from pg_roles where rolname = 'dnp_app') then
        grant update, delete on audit_entries to dnp_app;
      end if;
    end $$`);
  }
}
