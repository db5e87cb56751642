import { MikroORM } from '@mikro-orm/postgresql';

/** Runs one SQL text and returns its rows. */
export type RunSql = <Row extends object>(sql: string) => Promise<Row[]>;

/** Opens one connection for a few administrative statements and closes it whatever happens. */
export async function onDatabase<Result>(url: string, work: (run: RunSql) => Promise<Result>): Promise<Result> {
  const orm = await MikroORM.init({
    clientUrl: url,
    entities: [],
    discovery: { warnWhenNoEntities: false },
    pool: { min: 0, max: 1 },
  });
  try {
    return await work(<Row extends object>(sql: string) => orm.em.getConnection().execute<Row[]>(sql));
  } finally {
    await orm.close(true);
  }
}

/** A text as an SQL literal. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
