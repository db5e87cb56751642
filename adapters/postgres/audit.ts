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
