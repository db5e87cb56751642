import { type CaseOrigin, casePriority, type CaseSubjectType } from '../../domain/moderation';
import { audit } from './audit';
import { newId } from './ids';
import type { EntityManager } from './orm';

/** What asks for a decision. */
export interface CaseOpening {
  subjectType: CaseSubjectType;
  subjectId: string;
  origin: CaseOrigin;
  /** Who submitted or reported; null for the rules, and for whoever reports without an account. */
  actorId: string | null;
  /** Of a report by somebody who is counted in this case already. */
  repeated?: boolean;
  requestId: string | null;
}

/**
 * Opens a case in the caller's transaction, or joins the one that is open about the same subject. One for which changes were
 * requested goes back to the queue.
 * @returns the case's id
 */
export async function openCase(
  tx: EntityManager,
  { subjectType, subjectId, origin, actorId, repeated = false, requestId }: CaseOpening,
): Promise<string> {
  const reports = origin === 'report' && !repeated ? 1 : 0;
  const [row] = await tx.execute<{ id: string; created: boolean; reports: number }[]>(
    `insert into moderation_cases as c (id, subject_type, subject_id, origin, priority, reports) values (?, ?, ?, ?, ?, ?)
     on conflict (subject_type, subject_id) where state <> 'decided' do update set reports = c.reports + excluded.reports,
       priority = greatest(c.priority, excluded.priority), version = c.version + 1,
       state = case when c.state = 'changes_requested' then 'open' else c.state end
     returning id, reports, xmax = 0 as created`,
    [newId(), subjectType, subjectId, origin, casePriority({ origin, reports }), reports],
  );
  if (!row) throw new Error('PostgreSQL said nothing.');
  if (!row.created && reports > 0)
    await tx.execute(`update moderation_cases set priority = greatest(priority, ?) where id = ?`, [
      casePriority({ origin, reports: row.reports }),
      row.id,
    ]);
  audit(tx, {
    actorId,
    event: row.created ? 'case.opened' : 'case.joined',
    outcome: 'done',
    subjectType: 'case',
    subjectId: row.id,
    details: { about: subjectType, aboutId: subjectId, origin },
    requestId,
  });
  return row.id;
}
