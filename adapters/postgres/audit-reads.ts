import type { AuditFacts } from '../../domain/audit-chain';
import type { AuditRecord } from './audit';
import type { EntityManager } from './orm';

/** What an admin looks for in the audit; null is anything. */
export interface AuditFilter {
  actorId: string | null;
  event: string | null;
  outcome: string | null;
  subjectId: string | null;
  /** From this moment on, and before that one, as ISO 8601 has them. */
  from: string | null;
  to: string | null;
}

/** Where a page of the audit goes on: after the row that was made then. */
export interface AuditPosition {
  createdAt: string;
  id: string;
}

export interface AuditRow extends Omit<AuditFacts, 'details' | 'createdAt'> {
  details: NonNullable<AuditRecord['details']>;
  createdAt: Date;
  /** Its place in the chain; null until it is sealed. */
  sequence: number | null;
}

type RawRow = Omit<AuditRow, 'createdAt' | 'sequence'> & { createdAt: string; sequence: string | null };

/** Rows of the audit, newest first, after the one named. */
export async function listAudit(
  em: EntityManager,
  { actorId, event, outcome, subjectId, from, to }: AuditFilter,
  { limit, after }: { limit: number; after: AuditPosition | null },
): Promise<AuditRow[]> {
  const rows = await em.execute<RawRow[]>(
    `select a.id, a.actor_id as "actorId", a.event, a.outcome, a.subject_type as "subjectType", a.subject_id as "subjectId", a.details,
       a.request_id as "requestId", a.created_at as "createdAt", s.sequence::text as sequence
     from audit_entries a left join audit_seals s on s.entry_id = a.id
     where (?::uuid is null or a.actor_id = ?) and (?::text is null or a.event = ?) and (?::text is null or a.outcome = ?)
       and (?::uuid is null or a.subject_id = ?) and (?::timestamptz is null or a.created_at >= ?)
       and (?::timestamptz is null or a.created_at < ?) and (?::uuid is null or (a.created_at, a.id) < (?::timestamptz, ?::uuid))
     order by a.created_at desc, a.id desc limit ?`,
    [
      ...[actorId, actorId, event, event, outcome, outcome, subjectId, subjectId, from, from, to, to],
      ...[after?.id ?? null, after?.createdAt ?? null, after?.id ?? null, limit],
    ],
  );
  return rows.map(({ createdAt, sequence, ...row }) => ({
    ...row,
    createdAt: new Date(createdAt),
    sequence: sequence === null ? null : Number(sequence),
  }));
}
