import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSealing, type Sealing } from '../../../adapters/audit-seal/sealing';
import { audit } from '../../../adapters/postgres/audit';
import { type AuditCheck, checkAudit } from '../../../adapters/postgres/audit-check';
import { sealFor } from '../../../adapters/postgres/audit-seals';
import { newId } from '../../../adapters/postgres/ids';
import { type EntityManager, type MikroORM, openOrm } from '../../../adapters/postgres/orm';
import { onDatabase, type RunSql } from '../../../dev/engines/postgres/statements';
import { createTestDatabase, postgresUrl, type TestDatabase } from '../../support/engines';

export const ring = (...names: string[]) => names.map((kid) => ({ kid, key: Buffer.alloc(32, kid) }));

/** A database with an audit, its latest seal in a file of its own, and whoever may do anything with both. */
export class AuditStage {
  readonly headFile: string;
  readonly sealing: Sealing;
  private constructor(
    readonly database: TestDatabase,
    readonly orm: MikroORM,
    private readonly folder: string,
  ) {
    this.headFile = join(folder, 'audit-head.json');
    this.sealing = this.sealingWith('first');
  }

  static async open(): Promise<AuditStage> {
    const database = await createTestDatabase();
    const orm = await openOrm(database.url, { max: 30 });
    return new AuditStage(database, orm, mkdtempSync(join(tmpdir(), 'dnp-audit-')));
  }

  get em(): EntityManager {
    return this.orm.em.fork();
  }

  sealingWith(...names: string[]): Sealing {
    return createSealing({ keys: ring(...names), headFile: this.headFile });
  }

  /** So many rows, in one transaction; their ids, oldest first. */
  async write(count: number, actorId: string | null = null): Promise<string[]> {
    const subjects = Array.from({ length: count }, newId);
    await this.em.transactional(async (tx) => {
      for (const [n, subjectId] of subjects.entries())
        audit(tx, { actorId, event: 'test.done', outcome: 'done', subjectType: 'test', subjectId, details: { n } });
    });
    const rows = await this.rows<{ id: string }>(
      `select id from audit_entries where subject_id in (${subjects.map((id) => `'${id}'`).join(', ')}) order by id`,
    );
    return rows.map(({ id }) => id);
  }

  async seal(sealing = this.sealing): Promise<number> {
    return (await sealFor(this.em, 10, sealing)).sealed;
  }

  check(sealing = this.sealing): Promise<AuditCheck> {
    return checkAudit(this.em, sealing, { after: 0, most: 10_000 });
  }

  rows<T>(sql: string): Promise<T[]> {
    return this.em.execute<T[]>(sql);
  }

  /** What the database's superuser can do, with triggers switched off. */
  asSuperuser<T>(work: (run: RunSql) => Promise<T>): Promise<T> {
    const address = new URL(postgresUrl());
    address.pathname = new URL(this.database.url).pathname;
    return onDatabase(address.href, async (run) => {
      await run(`set session_replication_role = replica`);
      return work(run);
    });
  }

  async close(): Promise<void> {
    await this.orm.close(true);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
