#!/bin/sh
# Runs once, when PostgreSQL's volume is new: the same roles, database and extensions that `npm start` makes, and
# Temporal's two databases with a role of their own.
set -eu

psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" \
  -v owner_password="$DNP_OWNER_PASSWORD" -v app_password="$DNP_APP_PASSWORD" \
  -v temporal_password="$TEMPORAL_DB_PASSWORD" <<'SQL'
create role dnp_owner login nosuperuser nocreatedb nocreaterole password :'owner_password';
create role dnp_app login nosuperuser nocreatedb nocreaterole password :'app_password';
create role temporal login nosuperuser nocreatedb nocreaterole password :'temporal_password';
create database do_not_play owner dnp_owner;
create database temporal owner temporal;
create database temporal_visibility owner temporal;
\connect do_not_play
create extension if not exists citext;
create extension if not exists pg_trgm;
create extension if not exists unaccent;
create extension if not exists pgcrypto;
create extension if not exists fuzzystrmatch;
grant usage on schema public to dnp_app;
alter default privileges for role dnp_owner grant usage on schemas to dnp_app;
alter default privileges for role dnp_owner grant select, insert, update, delete on tables to dnp_app;
alter default privileges for role dnp_owner grant usage, select on sequences to dnp_app;
SQL
