import { confirmMerge, undoMerge } from '../../../adapters/postgres/account-merge-decisions';
import { carryOutMerge } from '../../../adapters/postgres/account-merge-moves';
import { carryOutUndo } from '../../../adapters/postgres/account-merge-undo';
import { offerMerge } from '../../../adapters/postgres/account-merges';
import { newId } from '../../../adapters/postgres/ids';
import type { MikroORM } from '../../../adapters/postgres/orm';
import { Rows } from '../api-enforcement/rows';

/** What a person has, in counts and choices; artists by their number. */
export interface Belongings {
  identities: number;
  connections: { plans: string[]; runs: number }[];
  blocks: { artist: number; ends: 'never' | 'past' | 'future' }[];
  roles: string[];
  exports: number;
}

export const nothing: Belongings = { identities: 1, connections: [], blocks: [], roles: [], exports: 0 };

/** People put in as rows, and merges carried out over them without a workflow. */
export class TwoPeople {
  readonly rows: Rows;
  constructor(
    readonly orm: MikroORM,
    readonly artists: readonly string[],
  ) {
    this.rows = new Rows(orm);
  }

  async person(has: Partial<Belongings> = {}): Promise<string> {
    const { identities, connections, blocks, roles, exports } = { ...nothing, ...has };
    const id = newId();
    const { em } = this.rows;
    await em.execute(`insert into users (id, display_name, email) values (?, 'A Person', ?)`, [
      id,
      `${id}@example.test`,
    ]);
    for (let n = 0; n < identities; n += 1) await this.identity(id);
    for (const role of roles) await em.execute(`insert into user_roles (user_id, role) values (?, ?)`, [id, role]);
    for (const { artist, ends } of blocks) await this.block(id, artist, ends);
    for (const { plans, runs } of connections) {
      const connection = await this.rows.connection(id);
      for (const status of plans) await this.rows.plan(id, connection, { status });
      for (let n = 0; n < runs; n += 1) await this.rows.run(id, connection);
    }
    for (let n = 0; n < exports; n += 1)
      await em.execute(`insert into account_exports (id, user_id, job_id) values (?, ?, ?)`, [newId(), id, newId()]);
    return id;
  }

  async identity(userId: string, provider = 'google'): Promise<string> {
    const id = newId();
    await this.rows.em.execute(`insert into identities (id, user_id, provider, subject) values (?, ?, ?, ?)`, [
      id,
      userId,
      provider,
      id,
    ]);
    return id;
  }

  async block(userId: string, artist: number, ends: 'never' | 'past' | 'future' = 'never'): Promise<void> {
    const days = { never: null, past: -1, future: 1 }[ends];
    await this.rows.em.execute(
      `insert into blocks (user_id, artist_id, expires_at) values (?, ?, now() + make_interval(days => ?::int))`,
      [userId, this.artists[artist], days],
    );
  }

  async offer(survivorId: string, absorbedId: string): Promise<string> {
    return this.orm.em
      .fork()
      .transactional((tx) => offerMerge(tx, { survivorId, absorbedId, flowId: newId(), requestId: null }));
  }

  confirm(mergeId: string, survivorId: string) {
    return this.orm.em.fork().transactional((tx) => confirmMerge(tx, { mergeId, survivorId, requestId: null }));
  }
  askUndo(mergeId: string, survivorId: string) {
    return this.orm.em.fork().transactional((tx) => undoMerge(tx, { mergeId, survivorId, requestId: null }));
  }
  carryOut(mergeId: string) {
    return this.orm.em.fork().transactional((tx) => carryOutMerge(tx, mergeId));
  }
  part(mergeId: string) {
    return this.orm.em.fork().transactional((tx) => carryOutUndo(tx, mergeId));
  }

  async merge(survivorId: string, absorbedId: string): Promise<string> {
    const id = await this.offer(survivorId, absorbedId);
    await this.confirm(id, survivorId);
    await this.carryOut(id);
    return id;
  }
  async undo(mergeId: string, survivorId: string): Promise<void> {
    await this.askUndo(mergeId, survivorId);
    await this.part(mergeId);
  }

  query<T>(sql: string, values: unknown[] = []): Promise<T[]> {
    return this.orm.em.fork().execute(sql, values);
  }

  /** Every row of a person's, but for what a merge ends for good, for the merges' own jobs, and for the row that only says that figures were written. */
  async everythingOf(userId: string): Promise<Record<string, unknown[]>> {
    const tables = (await this.tablesOfPeople()).filter(
      ({ table }) => !endedTables.includes(table) && table !== 'figure_turns',
    );
    const found: Record<string, unknown[]> = {
      users: await this.query(`select to_jsonb(u) as row from users u where id = ?`, [userId]),
    };
    for (const { table, column } of tables) {
      const others = table === 'jobs' ? `and type not in ('merge_accounts', 'undo_merge')` : '';
      found[table] = await this.query(
        `select to_jsonb(t) - 'changed_at' as row from ${table} t where ${column} = ? ${others} order by (to_jsonb(t) - 'changed_at')::text`,
        [userId],
      );
    }
    return found;
  }

  /** Tables that say whose their rows are. */
  tablesOfPeople(): Promise<{ table: string; column: string }[]> {
    return this.query(
      `select c.conrelid::regclass::text as "table", a.attname as "column" from pg_constraint c
       join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any(c.conkey)
       where c.contype = 'f' and c.confrelid = 'users'::regclass order by 1, 2`,
    );
  }
}

/** What ends or is kept apart: sessions and tokens, flows, and the offers themselves. */
export const endedTables = ['sessions', 'personal_tokens', 'oauth_transactions', 'account_merges'];
