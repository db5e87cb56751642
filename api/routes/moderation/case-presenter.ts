import type { z } from 'zod';
import type { ReadCase } from '../../../adapters/postgres/case-reads';
import { subjectSummaries } from '../../../adapters/postgres/case-subjects';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { decisionHref } from '../../../domain/hrefs';
import type { caseSchema } from './cases-schema';
import { presentSubject } from './subject-presenter';

/** Cases with a line about their subjects, as the person with these ids reads them. */
export async function presentCases(
  em: EntityManager,
  cases: readonly ReadCase[],
  readerIds: readonly string[],
): Promise<z.input<typeof caseSchema>[]> {
  const subjects = cases.map(({ subjectType: type, subjectId: id }) => ({ type, id }));
  const summaries = await subjectSummaries(em, subjects);
  return cases.map(({ subjectType, subjectId, holderId, heldUntil, decisionId, openedAt, decidedAt, ...row }) => ({
    ...row,
    subject: presentSubject({ type: subjectType, id: subjectId }, summaries),
    holder:
      holderId && heldUntil ? { id: holderId, me: readerIds.includes(holderId), until: heldUntil.toISOString() } : null,
    decision: decisionId && decisionHref(decisionId),
    openedAt: openedAt.toISOString(),
    decidedAt: decidedAt?.toISOString() ?? null,
  }));
}

export async function presentCase(
  em: EntityManager,
  row: ReadCase,
  readerIds: readonly string[],
): Promise<z.input<typeof caseSchema>> {
  return (await presentCases(em, [row], readerIds))[0]!;
}
