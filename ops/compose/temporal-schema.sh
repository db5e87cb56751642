#!/bin/sh
# Brings Temporal's two databases to the schema of this server version. Safe to repeat.
set -eu

for database in temporal:temporal temporal_visibility:visibility; do
  name=${database%%:*}
  tool="temporal-sql-tool --plugin postgres12 --ep postgres -p 5432 -u temporal --db $name"
  # It refuses where the version table is there already, and the update below then says whether all is well.
  $tool setup-schema -v 0.0 || true
  $tool update-schema -d "/etc/temporal/schema/postgresql/v12/${database##*:}/versioned"
done
