import type { CaseState, CaseSubjectType } from '../../domain/moderation';
import { shownOffenseStatuses } from '../../domain/offenses';
import { type ReportCategory, reportKeepDays } from '../../domain/reports';
import { givenIds, idsOfPerson } from './erasure';
import { newId } from './ids';
import { openCase } from './moderation-cases';
import type { EntityManager } from './orm';
import { hashOf, newSecret } from './token-hash';

export interface NewReport {
  subject: { type: CaseSubjectType; id: string };
  /** Null where nobody is signed in. */
  userId: string | null;
  category: ReportCategory;
  rule: string | null;
  explanation: string;
  /** An e-mail address. */
  contact: string | null;
  requestId: string | null;
}

const versionShown = `v.state = 'published' and l.visibility <> 'private' and v.number >= coalesce(l.open_from, 1)`;

/** What anybody sees here, and so may report; by type, each query's one value is its id. */
const reportable: Readonly<Record<CaseSubjectType, string>> = {
  offense: `select from offenses where id = ? and status in (${shownOffenseStatuses.map((status) => `'${status}'`).join(', ')})`,
  list: `select from community_lists where id = ? and visibility <> 'private'`,
  list_version: `select from list_versions v join community_lists l on l.id = v.list_id
    where v.id = ? and ${versionShown}`,
  list_entry: `select from list_version_entries e join list_versions v on v.id = e.version_id join community_lists l on l.id = v.list_id
    where e.entry_id = ? and ${versionShown}`,
};

/**
 * Keeps a report and opens its case, or joins the one that is open. A person counts once in a case, however often they report; each
 * report stays. Null where there is nothing to report.
 * @returns the receipt, which is kept as a hash only
 */
export async function fileReport(
  tx: EntityManager,
  { subject, userId, category, rule, explanation, contact, requestId }: NewReport,
): Promise<{ id: string; receipt: string } | null> {
  const found = await tx.execute<object[]>(reportable[subject.type], [subject.id]);
  if (found.length === 0) return null;
  const repeated = userId !== null && (await hasReported(tx, subject, userId));
  const caseId = await openCase(tx, {
    subjectType: subject.type,
    subjectId: subject.id,
    origin: 'report',
    actorId: userId,
    repeated,
    requestId,
  });
  const [id, receipt] = [newId(), newSecret()];
  await tx.execute(
    `insert into reports (id, case_id, user_id, category, rule, explanation, contact, receipt_hash) values (?, ?, ?, ?, ?, ?, ?, ?)`,
    [id, caseId, userId, category, rule, explanation, contact, hashOf(receipt)],
  );
  return { id, receipt };
}

/** Whether a person is counted in the case that waits about a subject. Whoever reports twice at once waits here. */
async function hasReported(tx: EntityManager, { type, id }: NewReport['subject'], userId: string): Promise<boolean> {
  await tx.execute(`select pg_advisory_xact_lock(hashtextextended(?, 0))`, [`report:${userId}:${id}`]);
  const rows = await tx.execute<object[]>(
    `select from reports r join moderation_cases c on c.id = r.case_id
     where c.subject_type = ? and c.subject_id = ? and c.state <> 'decided' and r.user_id in ${givenIds} limit 1`,
    [type, id, JSON.stringify(await idsOfPerson(tx, userId))],
  );
  return rows.length > 0;
}

/** A report as its reporter reads it. */
export interface FollowedReport {
  id: string;
  subjectType: CaseSubjectType;
  subjectId: string;
  category: ReportCategory;
  rule: string | null;
  createdAt: Date;
  caseState: CaseState;
  /** The decision that ended its case. */
  decisionId: string | null;
}

/** A report by its receipt, or by the ids of whoever sent it. */
export async function findReport(
  em: EntityManager,
  id: string,
  { readerIds, receipt }: { readerIds: readonly string[]; receipt: string },
): Promise<FollowedReport | null> {
  const [row] = await em.execute<(Omit<FollowedReport, 'createdAt'> & { createdAt: string })[]>(
    `select r.id, c.subject_type as "subjectType", c.subject_id as "subjectId", r.category, r.rule, r.created_at as "createdAt",
       c.state as "caseState", c.decision_id as "decisionId"
     from reports r join moderation_cases c on c.id = r.case_id
     where r.id = ? and (r.receipt_hash = ? or r.user_id in ${givenIds})`,
    [id, hashOf(receipt), JSON.stringify(readerIds)],
  );
  return row ? { ...row, createdAt: new Date(row.createdAt) } : null;
}

/** Reports looked at in one sweep; the next one comes a minute later. */
const atMost = 500;

/** Forgets what reporters wrote, and how to reach them, some time after the decision. Runs with every sweep. */
export async function forgetReports(em: EntityManager): Promise<void> {
  await em.execute(
    `update reports set explanation = null, contact = null where id in (
       select r.id from reports r join moderation_cases c on c.id = r.case_id
       where c.decided_at < now() - make_interval(days => ?) and (r.explanation is not null or r.contact is not null) limit ?)`,
    [reportKeepDays, atMost],
  );
}

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
