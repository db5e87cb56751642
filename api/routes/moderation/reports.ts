import { findLatestDecision } from '../../../adapters/postgres/decision-reads';
import { idsOfPerson } from '../../../adapters/postgres/erasure';
import { fileReport, findReport } from '../../../adapters/postgres/reports';
import { DomainError } from '../../../domain/errors';
import type { CaseState } from '../../../domain/moderation';
import { reportHref } from '../../../domain/hrefs';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { requireOffenses } from '../offenses/require-offenses';
import { presentStatement } from './decision-presenter';
import { filedSchema, reportBody, reportQuery, reportSchema } from './reports-schema';

const file = defineRoute({
  method: 'post',
  path: '/reports',
  summary: 'Report an offense, a list, a version of one or an entry in one',
  description:
    'No account is needed. The answer has a receipt with which to follow the report. All reports of one thing become one case; whoever is signed in counts once in it. `404 offenses_disabled` where those are switched off.',
  tags: ['Moderation'],
  permission: 'anyone',
  limit: 'reports',
  body: reportBody,
  responses: { 201: filedSchema },
  handler: async ({ user, body, em, ctx }) => {
    const { target, category, rule = null, explanation, contact = null } = body;
    if (target.type === 'offense') await requireOffenses(em);
    const filed = await em.transactional((tx) =>
      fileReport(tx, {
        subject: target,
        userId: user?.userId ?? null,
        ...{ category, rule, explanation, contact },
        requestId: ctx.state.requestId,
      }),
    );
    if (!filed) throw new DomainError('not_found');
    const href = reportHref(filed.id);
    return { status: 201, body: { ...filed, href }, headers: { Location: href } };
  },
});

const get = defineRoute({
  method: 'get',
  path: '/reports/{id}',
  summary: 'What has become of a report',
  description: 'For whoever has its receipt, or sent it signed in.',
  tags: ['Moderation'],
  permission: 'anyone',
  params: idParams,
  query: reportQuery,
  responses: { 200: reportSchema },
  handler: async ({ user, params: { id }, query, em, ctx, deps: { config } }) => {
    const ids = user ? await idsOfPerson(em, user.userId) : [];
    const receipt = query.receipt ?? ctx.get('Report-Receipt');
    const report = await findReport(em, id, { readerIds: ids, receipt });
    if (!report) throw new DomainError('not_found');
    const { subjectType, subjectId, caseState, decisionId, createdAt, ...row } = report;
    const decision = decisionId && (await findLatestDecision(em, decisionId, ids));
    return {
      status: 200,
      body: {
        ...row,
        target: { type: subjectType, id: subjectId },
        state: states[caseState],
        createdAt: createdAt.toISOString(),
        decision: decision
          ? {
              id: decision.id,
              statement: presentStatement(decision, { ids, windowDays: config.APPEAL_WINDOW_DAYS }),
              decidedAt: decision.decidedAt.toISOString(),
              reversedAt: decision.reversedAt?.toISOString() ?? null,
            }
          : null,
      },
    };
  },
});

const states = {
  open: 'received',
  in_review: 'in_review',
  changes_requested: 'in_review',
  decided: 'decided',
} as const satisfies Record<CaseState, string>;

export const reportRoutes = [file, get];
