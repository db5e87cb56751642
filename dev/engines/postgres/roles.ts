import { literal, onDatabase, type RunSql } from './statements';

export const DATABASE = 'do_not_play';
/** Owns the tables; migrations run under it. */
export const OWNER = 'dnp_owner';
/** What API and workers use: reads and writes rows, and can't change or own a table. */
export const APPLICATION = 'dnp_app';
export const SUPERUSER = 'postgres';

const EXTENSIONS = ['citext', 'pg_trgm', 'unaccent', 'pgcrypto', 'fuzzystrmatch'];

export interface Passwords {
  readonly superuser: string;
  readonly owner: string;
  readonly application: string;
}

/** Makes the two roles, the database and its extensions where they are missing. Safe to repeat. */
export async function prepareDatabase(urlOf: (database: string) => string, passwords: Passwords): Promise<void> {
  await onDatabase(urlOf('postgres'), async (run) => {
    await role(run, OWNER, passwords.owner);
    await role(run, APPLICATION, passwords.application);
    const found = await run(`select 1 from pg_database where datname = ${literal(DATABASE)}`);
    if (found.length === 0) await run(`create database ${DATABASE} owner ${OWNER}`);
  });
  await onDatabase(urlOf(DATABASE), async (run) => {
    for (const extension of EXTENSIONS) await run(`create extension if not exists ${extension}`);
    await run(`grant usage on schema public to ${APPLICATION}`);
    const whateverTheOwnerMakes = `alter default privileges for role ${OWNER}`;
    await run(`${whateverTheOwnerMakes} grant usage on schemas to ${APPLICATION}`);
    await run(`${whateverTheOwnerMakes} grant select, insert, update, delete on tables to ${APPLICATION}`);
    await run(`${whateverTheOwnerMakes} grant usage, select on sequences to ${APPLICATION}`);
  });
}

async function role(run: RunSql, name: string, password: string): Promise<void> {
  const found = await run(`select 1 from pg_roles where rolname = ${literal(name)}`);
  const verb = found.length === 0 ? 'create' : 'alter';
  await run(`${verb} role ${name} login nosuperuser nocreatedb nocreaterole password ${literal(password)}`);
}
