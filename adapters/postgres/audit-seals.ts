import { beginning, type Link, nextFrom, type Seal, sealText } from '../../domain/audit-chain';
import type { SealKeys } from '../audit-seal/seal-keys';
import type { Sealing } from '../audit-seal/sealing';
import { auditFactColumns, factsOf, type RawFacts } from './audit-rows';
import type { EntityManager } from './orm';

/** Rows of one transaction. */
const batch = 1_000;

/** Seals what waits for it, batch by batch, for as many seconds at most; `more` says whether something is left. */
export async function sealFor(
  em: EntityManager,
  seconds: number,
  sealing: Sealing,
): Promise<{ sealed: number; more: boolean }> {
  const until = performance.now() + seconds * 1_000;
  let sealed = 0;
  for (;;) {
    const count = await sealNext(em, sealing, batch);
    sealed += count;
    if (count < batch) return { sealed, more: false };
    if (performance.now() >= until) return { sealed, more: true };
  }
}

/**
 * Gives the next rows their places in the chain. One at a time, over all processes, which a lock in a transaction of its own sees
 * to: it is held until the latest seal is kept outside of the database. Where that fails the seals stand, and the next call keeps it.
 */
export function sealNext(em: EntityManager, { keys, head, onHead }: Sealing, limit: number): Promise<number> {
  return em.fork().transactional(async (lock) => {
    await lock.execute(`select pg_advisory_xact_lock(hashtextextended('audit-seal', 0))`);
    const kept = await head.read();
    const { sealed, last } = await em.fork().transactional((tx) => sealBatch(tx, { keys, kept, limit }));
    if (last.sequence > (kept?.sequence ?? 0)) {
      const latest = { ...last, sealedAt: new Date().toISOString() };
      await head.write(latest);
      onHead?.(latest);
    }
    return sealed;
  });
}

async function sealBatch(
  tx: EntityManager,
  { keys, kept, limit }: { keys: SealKeys; kept: Link | null; limit: number },
): Promise<{ sealed: number; last: Link }> {
  const waiting = await tx.execute<({ entryId: string; asWritten: boolean } & RawFacts)[]>(
    `select q.entry_id as "entryId", q.digest = audit_digest(a) as "asWritten", ${auditFactColumns}
     from audit_unsealed q left join audit_entries a on a.id = q.entry_id order by q.entry_id limit ?`,
    [limit],
  );
  let last = nextFrom(await lastSeal(tx), kept);
  const seals: Seal[] = [];
  for (const { entryId, asWritten, ...facts } of waiting) {
    const keyId = keys.newest;
    // A row that was removed or changed before it was sealed has its place, too, where it is missed or is not what was sealed.
    const entry = asWritten ? factsOf(facts) : null;
    const mac = keys.mac(keyId, sealText(last, { keyId, entryId }, entry)) ?? '';
    last = { sequence: last.sequence + 1, mac };
    seals.push({ ...last, keyId, entryId });
  }
  if (seals.length > 0) {
    const given = JSON.stringify(seals);
    await tx.execute(
      `insert into audit_seals (sequence, entry_id, key_id, mac) select r.sequence, r."entryId", r."keyId", r.mac
       from jsonb_to_recordset(?::jsonb) as r(sequence bigint, "entryId" uuid, "keyId" text, mac text)`,
      [given],
    );
    await tx.execute(
      `delete from audit_unsealed where entry_id in (select "entryId" from jsonb_to_recordset(?::jsonb) as r("entryId" uuid))`,
      [given],
    );
  }
  return { sealed: seals.length, last };
}

/** Where the chain stands in the database. */
export async function lastSeal(em: EntityManager): Promise<Link> {
  const [row] = await em.execute<{ sequence: string; mac: string }[]>(
    `select sequence::text as sequence, mac from audit_seals order by audit_seals.sequence desc limit 1`,
  );
  return row ? { sequence: Number(row.sequence), mac: row.mac } : beginning;
}

export interface UnsealedCount {
  count: number;
  /** When the oldest of them was written; null where there is none. */
  since: Date | null;
  /** Whether that is longer ago than sealing ever takes. */
  late: boolean;
}

/** Minutes within which every row is sealed: sealing comes each minute. */
const latestMinutes = 5;

/** How many rows wait for their seals. */
export async function countUnsealed(em: EntityManager): Promise<UnsealedCount> {
  const [row] = await em.execute<{ count: number; since: string | null; late: boolean | null }[]>(
    `select count(*)::int as count, min(noted_at) as since, min(noted_at) < now() - make_interval(mins => ?) as late from audit_unsealed`,
    [latestMinutes],
  );
  const since = row?.since ?? null;
  return { count: row?.count ?? 0, since: since === null ? null : new Date(since), late: row?.late ?? false };
}
