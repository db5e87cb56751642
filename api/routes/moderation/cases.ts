import { z } from 'zod';
import { isConcerned } from '../../../adapters/postgres/case-handling';
import { findCase, listCases, type ReadCase } from '../../../adapters/postgres/case-reads';
import { subjectContent } from '../../../adapters/postgres/case-subject-content';
import { subjectSummaries } from '../../../adapters/postgres/case-subjects';
import { decidedSubject } from '../../../adapters/postgres/decided-subjects';
import { decisionsAbout } from '../../../adapters/postgres/decision-reads';
import { idsOfPerson } from '../../../adapters/postgres/erasure';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { reportsOfCase } from '../../../adapters/postgres/reports';
import { DomainError } from '../../../domain/errors';
import { decodeCursor, makePage, pageOf } from '../../paging';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { presentCase, presentCases } from './case-presenter';
import { caseDetailSchema, caseSchema, casesQuery } from './cases-schema';
import { type DecisionReader, presentDecision } from './decision-presenter';

const list = defineRoute({
  method: 'get',
  path: '/moderation/cases',
  summary: 'What waits for a moderator, or was decided',
  tags: ['Moderation'],
  permission: 'staff',
  query: casesQuery,
  responses: { 200: pageOf(caseSchema) },
  handler: async ({ user, query, em }) => {
    const { state = null, subjectType = null, origin = null, from = null, to = null, sort, limit, cursor } = query;
    const position = z.object({ sort: z.literal(sort), priority: z.int32(), id: z.uuid() });
    const after = decodeCursor(cursor, position);
    const readerIds = await idsOfPerson(em, user.userId);
    const holder = holderOf(query.holder, readerIds);
    const filter = { state, subjectType, origin, holder, from, to };
    const rows = await listCases(em, filter, { sort, limit: limit + 1, after });
    const page = makePage(rows, {
      limit,
      present: (row) => row,
      position: ({ priority, id }) => ({ sort, priority, id }),
      first: !after,
      emptyReason: Object.values(filter).every((value) => value === null) ? 'nothing_waits' : 'nothing_matches',
    });
    return { status: 200, body: { ...page, items: await presentCases(em, page.items, readerIds) } };
  },
});

function holderOf(asked: string | undefined, readerIds: readonly string[]): readonly string[] | 'none' | null {
  if (asked === undefined) return null;
  if (asked === 'me') return readerIds;
  return asked === 'none' ? asked : [asked];
}

const get = defineRoute({
  method: 'get',
  path: '/moderation/cases/{id}',
  summary: 'A case with what it is about, its reports, and what was decided about the same before',
  description:
    'Whoever has a part in it, as who submitted, owns or reported it, reads neither what reporters wrote nor what moderators noted.',
  tags: ['Moderation'],
  permission: 'staff',
  params: idParams,
  responses: { 200: caseDetailSchema },
  handler: async ({ user, params: { id }, em, deps: { config } }) => {
    const found = await findCase(em, id);
    if (!found) throw new DomainError('not_found');
    const readerIds = await idsOfPerson(em, user.userId);
    const ownCase = await em.transactional((tx) => isConcerned(tx, { caseId: id, ...found }, readerIds));
    const body = {
      ...(await presentCase(em, found, readerIds)),
      ownCase: ownCase ?? false,
      measures: [...decidedSubject(found.subjectType).measures],
      content: await subjectContent(em, found),
      reportList: await reportList(em, id, user.roles.includes('moderator') && !ownCase),
      earlierDecisions: await earlierDecisions(em, found, {
        ids: readerIds,
        staff: !ownCase,
        windowDays: config.APPEAL_WINDOW_DAYS,
      }),
    };
    return { status: 200, body };
  },
});

async function reportList(em: EntityManager, caseId: string, inFull: boolean) {
  const reports = await reportsOfCase(em, caseId);
  return reports.map(({ explanation, contact, createdAt, ...report }) => ({
    ...report,
    explanation: inFull ? explanation : null,
    contact: inFull ? contact : null,
    createdAt: createdAt.toISOString(),
  }));
}

async function earlierDecisions(
  em: EntityManager,
  { subjectType: type, subjectId: id }: ReadCase,
  reader: DecisionReader & { staff: boolean },
) {
  const summaries = await subjectSummaries(em, [{ type, id }]);
  const decisions = await decisionsAbout(em, { type, id }, reader.ids);
  return decisions.map((decision) => presentDecision(decision, { summaries, ...reader }));
}

export const caseRoutes = [list, get];
