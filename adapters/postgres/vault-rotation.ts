import type { SealedColumn } from '../vault/sealed-columns';
import type { EntityManager } from './orm';

/** Something sealed, with the row that it belongs to. */
export interface SealedValue {
  rowId: string;
  jwe: string;
}

/**
 * SQL for the id of the key that a column's value was sealed under, read from its protected header; null where no id can be
 * read from it. A damaged value never makes the query fail.
 */
export function sealedKeySql(column: string): string {
  const header = `split_part(${column}, '.', 1)`;
  const padded = `rpad(translate(${header}, '-_', '+/'), ((length(${header}) + 3) / 4) * 4, '=')`;
  return `case when ${header} ~ '^[A-Za-z0-9_-]+$' and length(${header}) % 4 <> 1
    then substring(encode(decode(${padded}, 'base64'), 'escape') from '"kid":"([A-Za-z0-9_-]{1,32})"') end`;
}

/** Values of a column that are not under a key, in the order of their rows, after the one named. */
export async function valuesNotUnder(
  em: EntityManager,
  { table, key, column }: SealedColumn,
  { keyId, after, limit }: { keyId: string; after: string | null; limit: number },
): Promise<SealedValue[]> {
  return em.execute<SealedValue[]>(
    `select ${key}::text as "rowId", ${column} as jwe from ${table}
      where ${column} <> '' and (?::uuid is null or ${key} > ?::uuid) and (${sealedKeySql(column)}) is distinct from ?
      order by ${key} limit ?`,
    [after, after, keyId, limit],
  );
}

/**
 * Puts new values in the place of exactly the old ones and returns how many it put. A row that somebody changed or holds
 * meanwhile is left to them: waiting for it while holding others could end in a deadlock.
 */
export async function replaceSealed(
  em: EntityManager,
  { table, key, column, keyIdColumn }: SealedColumn,
  keyId: string,
  replaced: readonly { rowId: string; from: string; to: string }[],
): Promise<number> {
  if (replaced.length === 0) return 0;
  const rows = await em.execute<{ moved: number }[]>(
    `with given as (select * from jsonb_to_recordset(?::jsonb) as g("rowId" uuid, "from" text, "to" text)),
          held as (select t.${key} as id, g."from", g."to" from ${table} t join given g on t.${key} = g."rowId" and t.${column} = g."from"
                    order by t.${key} for no key update of t skip locked),
          moved as (update ${table} t set ${column} = held."to"${keyIdColumn ? `, ${keyIdColumn} = ?` : ''}
                      from held where t.${key} = held.id and t.${column} = held."from" returning 1)
     select count(*)::int as moved from moved`,
    [JSON.stringify(replaced), ...(keyIdColumn ? [keyId] : [])],
  );
  return rows[0]?.moved ?? 0;
}

/** How many values of a column are under each key; the id is null where it cannot be read. */
export async function countByKey(
  em: EntityManager,
  { table, column }: SealedColumn,
): Promise<{ keyId: string | null; values: number }[]> {
  return em.execute<{ keyId: string | null; values: number }[]>(
    `select ${sealedKeySql(column)} as "keyId", count(*)::int as "values" from ${table} where ${column} <> ''
      group by 1 order by 2 desc, 1`,
  );
}
