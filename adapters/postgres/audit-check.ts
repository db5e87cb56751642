import { type AuditFault, beginning, endFault, followChain, type Link, type SealedRow } from '../../domain/audit-chain';
import type { AuditHead } from '../audit-seal/head-file';
import type { Sealing } from '../audit-seal/sealing';
import { auditFactColumns, type RawFacts, type RawSeal, sealColumns, sealedRowOf } from './audit-rows';
import { countUnsealed, type UnsealedCount } from './audit-seals';
import { type EntityManager, oneMoment } from './orm';

export interface AuditCheck {
  /** Rows looked at, from the place after the one that was given. */
  checked: number;
  /** The place up to which everything is as it was sealed; a next check goes on after it. */
  upTo: number;
  /** Whether the end of the chain was reached. */
  complete: boolean;
  /** What is wrong first; null where nothing is, as far as was looked. */
  fault: AuditFault | null;
  /** The latest seal as it is kept outside of the database. */
  head: AuditHead | null;
  /** When the first row was sealed; what was there before was sealed then, as it was. */
  sealedSince: Date | null;
  unsealed: UnsealedCount;
}

/** Rows read at once. */
const page = 2_000;

/**
 * Follows the chain from the place after `after`, over `most` rows at most, and names the first row that is not as it was sealed,
 * or not there. At its end also whether that is where it must end, and whether every row is in it or waits for it.
 */
export async function checkAudit(
  em: EntityManager,
  { keys, head: headFile }: Pick<Sealing, 'keys' | 'head'>,
  { after, most }: { after: number; most: number },
): Promise<AuditCheck> {
  // Read first: what the database holds may only be further.
  const head = await headFile.read();
  return oneMoment(em, async (tx) => {
    const about = { head, sealedSince: await firstSealedAt(tx), unsealed: await countUnsealed(tx) };
    const from = await linkAt(tx, after);
    if (!from) {
      const missing: AuditFault = { kind: 'seal_missing', sequence: after, entryId: null };
      return { ...about, checked: 0, upTo: after, complete: false, fault: missing };
    }
    let last = from;
    let complete = false;
    let fault: AuditFault | null = null;
    while (!complete && !fault && last.sequence < after + most) {
      const size = Math.min(page, after + most - last.sequence);
      const rows = await sealedRows(tx, last.sequence, size);
      ({ last, fault } = followChain(last, rows, { head, mac: keys.mac }));
      complete = rows.length < size && !fault;
    }
    if (complete) fault = endFault(last, head) ?? (await unsealedFault(tx, about.unsealed));
    return { ...about, checked: last.sequence - after, upTo: last.sequence, complete, fault };
  });
}

async function linkAt(tx: EntityManager, sequence: number): Promise<Link | null> {
  if (sequence === 0) return beginning;
  const [row] = await tx.execute<{ mac: string }[]>(`select mac from audit_seals where sequence = ?`, [sequence]);
  return row ? { sequence, mac: row.mac } : null;
}

async function sealedRows(tx: EntityManager, after: number, limit: number): Promise<SealedRow[]> {
  const rows = await tx.execute<(RawSeal & RawFacts)[]>(
    `select ${sealColumns}, ${auditFactColumns} from audit_seals s left join audit_entries a on a.id = s.entry_id
     where s.sequence > ? order by s.sequence limit ?`,
    [after, limit],
  );
  return rows.map(sealedRowOf);
}

async function firstSealedAt(tx: EntityManager): Promise<Date | null> {
  const [row] = await tx.execute<{ at: string }[]>(`select sealed_at as at from audit_seals order by sequence limit 1`);
  return row ? new Date(row.at) : null;
}

/** A row and the note that it waits come together and go together: where one is without the other, or they differ, somebody was there. */
async function unsealedFault(tx: EntityManager, unsealed: UnsealedCount): Promise<AuditFault | null> {
  const [touched] = await tx.execute<{ id: string; gone: boolean }[]>(
    `select q.entry_id as id, a.id is null as gone from audit_unsealed q left join audit_entries a on a.id = q.entry_id
     where a.id is null or q.digest <> audit_digest(a) order by 1 limit 1`,
  );
  if (touched) return { kind: touched.gone ? 'entry_missing' : 'changed', sequence: null, entryId: touched.id };
  const [stray] = await tx.execute<{ id: string }[]>(
    `select a.id from audit_entries a where not exists (select from audit_seals s where s.entry_id = a.id)
       and not exists (select from audit_unsealed q where q.entry_id = a.id) order by 1 limit 1`,
  );
  if (stray) return { kind: 'never_sealed', sequence: null, entryId: stray.id };
  return unsealed.late ? { kind: 'sealing_late', sequence: null, entryId: null } : null;
}
