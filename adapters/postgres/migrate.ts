import { Migrator } from '@mikro-orm/migrations';
import { MikroORM, type Options } from '@mikro-orm/postgresql';
import { migrations } from './migrations';
import { ormOptions } from './orm';

/** MikroORM's settings for whoever migrates; nobody else needs to load what that takes. */
export function migrationOptions(ownerUrl: string, pool: { max?: number } = { max: 1 }): Options {
  return {
    ...ormOptions(ownerUrl, pool),
    extensions: [Migrator],
    migrations: { migrationsList: migrations, snapshot: false, silent: true, emit: 'ts', transactional: true },
  };
}

/** Brings the schema up to date, as the owner of the tables. Safe to run at every start. */
export async function migrate(ownerUrl: string): Promise<void> {
  const orm = await MikroORM.init(migrationOptions(ownerUrl));
  try {
    await orm.getMigrator().up();
  } finally {
    await orm.close(true);
  }
}
