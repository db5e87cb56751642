import type { MigrationObject } from '@mikro-orm/core';
import { Migration20261124000000Initial } from './migration-20261124000000-initial';

/** Every migration, oldest first. */
export const migrations: MigrationObject[] = [
  { name: '20261124000000_initial', class: Migration20261124000000Initial },
];
