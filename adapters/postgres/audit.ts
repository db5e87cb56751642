import type { EntityManager } from './orm';
import { AuditEntry } from './entities';
import { newId } from './ids';

/** What to record: codes, ids and counts only. */
export interface AuditRecord {
  actorId: string | null;
  /** `area.verb`, e.g. `connection.created`. */
  event: string;
  outcome: 'done' | 'denied' | 'failed';
  subjectType?: string;
  subjectId?: string;
  details?: Record<string, string | number | boolean | null>;
  requestId?: string | null;
}

/** Adds an audit row to the caller's transaction, so that what happened and its record cannot part. */
export function audit(em: EntityManager, record: AuditRecord): void {
  em.persist(
    em.create(AuditEntry, {
      id: newId(),
      actorId: record.actorId,
      event: record.event,
      outcome: record.outcome,
      subjectType: record.subjectType ?? null,
      subjectId: record.subjectId ?? null,
      details: record.details ?? {},
      requestId: record.requestId ?? null,
      createdAt: new Date(),
    }),
  );
}

/** The same of many subjects, with one statement; a row each. */
export async function auditEach(
  em: EntityManager,
  { actorId, event, outcome, subjectType, requestId }: Omit<AuditRecord, 'subjectId' | 'details'>,
  subjectIds: readonly string[],
): Promise<void> {
  if (subjectIds.length === 0) return;
  await em.execute(
    `insert into audit_entries (id, actor_id, event, outcome, subject_type, subject_id, request_id)
     select r.id, ?, ?, ?, ?, r.subject, ? from jsonb_to_recordset(?::jsonb) as r(id uuid, subject uuid)`,
    [
      actorId,
      event,
      outcome,
      subjectType ?? null,
      requestId ?? null,
      JSON.stringify(subjectIds.map((subject) => ({ id: newId(), subject }))),
    ],
  );
}
