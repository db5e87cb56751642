import type { ReportCategory } from '../../domain/reports';
import type { EntityManager } from './orm';

/** A report as moderators read it. */
export interface CaseReport {
  id: string;
  category: ReportCategory;
  rule: string | null;
  withAccount: boolean;
  explanation: string | null;
  contact: string | null;
  createdAt: Date;
}

/** A case's reports that are shown with it. */
const mostReports = 100;

/** What was reported in a case, newest first. */
export async function reportsOfCase(em: EntityManager, caseId: string): Promise<CaseReport[]> {
  const rows = await em.execute<(Omit<CaseReport, 'createdAt'> & { createdAt: string })[]>(
    `select id, category, rule, user_id is not null as "withAccount", explanation, contact, created_at as "createdAt"
     from reports where case_id = ? order by id desc limit ?`,
    [caseId, mostReports],
  );
  return rows.map(({ createdAt, ...row }) => ({ ...row, createdAt: new Date(createdAt) }));
}
