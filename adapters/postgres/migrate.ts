import { MikroORM } from '@mikro-orm/postgresql';
import { ormOptions } from './orm';

/** Brings the schema up to date, as the owner of the tables. Safe to run at every start. */
export async function migrate(ownerUrl: string): Promise<void> {
  const orm = await MikroORM.init(ormOptions(ownerUrl, { max: 1 }));
  try {
    await orm.getMigrator().up();
  } finally {
    await orm.close(true);
  }
}
