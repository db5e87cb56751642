import { type FollowingTable, followingTables, type FollowingTableName } from './artist-references';
import { givenIds } from './erasure';
import type { EntityManager } from './orm';

const tables = Object.entries(followingTables) as [FollowingTableName, FollowingTable][];

const among = ({ only }: FollowingTable) => (only ? `${only} and ` : '');
const sameAs = (one: string, other: string, { single }: FollowingTable) =>
  (single?.of ?? []).map((column) => `${one}.${column} = ${other}.${column}`).join(' and ');
const keyOf = (alias: string, { single }: FollowingTable) =>
  (single?.of ?? []).map((column) => `${alias}.${column}`).join(', ');
const isDecision = ({ single }: FollowingTable) => single?.of.includes('user_id') ?? false;

/** Gives one artist's rows to another; says how many went and how many were set aside. */
export async function moveRows(
  tx: EntityManager,
  { from, into }: { from: string; into: string },
): Promise<{ moved: number; setAside: number }> {
  let [moved, setAside] = [0, 0];
  for (const [name, table] of tables) {
    const { column } = table;
    if (table.single) setAside += await setRowsAside(tx, name, [from, into]);
    const rows = await tx.execute<{ one: number }[]>(
      `update ${name} t set given_artist_id = coalesce(t.given_artist_id, t.${column}), ${column} = ? where ${among(table)}t.${column} = ? returning 1 as one`,
      [into, from],
    );
    moved += rows.length;
  }
  return { moved, setAside };
}

/** Leaves one row each of what both artists have. */
async function setRowsAside(tx: EntityManager, name: FollowingTableName, sides: readonly string[]): Promise<number> {
  const table: FollowingTable = followingTables[name];
  const { column } = table;
  const asked = JSON.stringify(sides);
  const where = `${among(table)}t.${column} in ${givenIds}`;
  // What a person changes at this moment is waited for, so that a row is not looked for where it was.
  if (isDecision(table))
    await tx.execute(`select 1 from ${name} t where ${where} order by ${keyOf('t', table)} for update`, [asked]);
  const rows = await tx.execute<{ one: number }[]>(
    `with both_sides as materialized (
       select t.ctid as place, row_number() over (partition by ${keyOf('t', table)} order by ${table.single?.order}) as n from ${name} t where ${where}),
     gone as (delete from ${name} t using both_sides b where t.ctid = b.place and b.n > 1 returning t.*)
     insert into artist_merge_asides (id, user_id, table_name, artist_id, row)
     select gen_random_uuid(), ${isDecision(table) ? 'g.user_id' : 'null'}, ?, coalesce(g.given_artist_id, g.${column}), to_jsonb(g) from gone g returning 1 as one`,
    [asked, name],
  );
  return rows.length;
}

/** Gives rows back to an artist that were given for it, or for those who were merged into it before. */
export async function moveRowsBack(
  tx: EntityManager,
  { from, into, given }: { from: string; into: string; given: readonly string[] },
): Promise<number> {
  let moved = 0;
  for (const [name, table] of tables) {
    const rows = await tx.execute<{ one: number }[]>(
      `update ${name} t set ${table.column} = ?, given_artist_id = nullif(t.given_artist_id, ?::uuid)
       where ${among(table)}t.${table.column} = ? and t.given_artist_id in ${givenIds} returning 1 as one`,
      [into, into, from, JSON.stringify(given)],
    );
    moved += rows.length;
  }
  return moved;
}

/**
 * Puts back of what was set aside for an artist, and for those who are merged into it, whatever nothing stands for any more. What a
 * person has taken back since is not there to be put back.
 */
export async function putRowsBack(
  tx: EntityManager,
  { artistId, given }: { artistId: string; given: readonly string[] },
): Promise<number> {
  let restored = 0;
  for (const [name, table] of tables) {
    if (!table.single) continue;
    const { column } = table;
    // Its owner's account may have been merged since.
    const rowOf = (alias: string) =>
      isDecision(table) ? `(${alias}.row || jsonb_build_object('user_id', ${alias}.user_id))` : `${alias}.row`;
    const rows = await tx.execute<{ one: number }[]>(
      `with waiting as materialized (
         select s.id, row_number() over (partition by ${keyOf('t', table)} order by ${table.single.order}) as n
         from artist_merge_asides s, jsonb_populate_record(null::${name}, ${rowOf('s')}) t
         where s.table_name = ? and s.artist_id in ${givenIds}
           and not exists (select from ${name} o where ${among(table).replace('t.', 'o.')}o.${column} = ? and ${sameAs('o', 't', table)})),
       back as (delete from artist_merge_asides s using waiting w where s.id = w.id and w.n = 1 returning s.row, s.artist_id, s.user_id)
       insert into ${name} select (jsonb_populate_record(null::${name}, ${rowOf('b')} || jsonb_build_object('${column}', ?::uuid, 'given_artist_id', nullif(b.artist_id, ?::uuid)))).*
       from back b on conflict do nothing returning 1 as one`,
      [name, JSON.stringify(given), artistId, artistId, artistId],
    );
    restored += rows.length;
  }
  return restored;
}
