import { claimCase, decideCase, type Refusal, releaseCase } from '../../../adapters/postgres/case-handling';
import { findCase } from '../../../adapters/postgres/case-reads';
import { subjectSummaries } from '../../../adapters/postgres/case-subjects';
import { databaseNow } from '../../../adapters/postgres/clock';
import { decidedSubject } from '../../../adapters/postgres/decided-subjects';
import { findDecision } from '../../../adapters/postgres/decision-reads';
import { idsOfPerson } from '../../../adapters/postgres/erasure';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { DomainError } from '../../../domain/errors';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { presentCase } from './case-presenter';
import { caseSchema, decideBody, decidedSchema } from './cases-schema';
import { presentDecision } from './decision-presenter';
import { statementOf } from './statement-schema';

const claim = defineRoute({
  method: 'post',
  path: '/moderation/cases/{id}/claim',
  summary: 'Take a case to decide it',
  description:
    'One person at a time: `409 case_held_by_another` with `until`. It is free again after 30 minutes in which its holder does nothing with it; claiming it again holds it for longer. Nobody takes what they submitted, own or reported: `403 own_case`.',
  tags: ['Moderation'],
  permission: 'moderator',
  params: idParams,
  responses: { 200: caseSchema },
  handler: async ({ user: { userId }, params: { id: caseId }, em, ctx, deps: { config } }) => {
    const handling = { caseId, userId, requestId: ctx.state.requestId, minutes: config.CASE_CLAIM_MINUTES };
    done(await em.transactional((tx) => claimCase(tx, handling)));
    return { status: 200, body: await caseAfter(em, caseId, userId) };
  },
});

const release = defineRoute({
  method: 'post',
  path: '/moderation/cases/{id}/release',
  summary: 'Put a case back into the queue',
  description: 'By its holder; by any moderator once the claim is over.',
  tags: ['Moderation'],
  permission: 'moderator',
  params: idParams,
  responses: { 200: caseSchema },
  handler: async ({ user: { userId }, params: { id: caseId }, em, ctx }) => {
    done(await em.transactional((tx) => releaseCase(tx, { caseId, userId, requestId: ctx.state.requestId })));
    return { status: 200, body: await caseAfter(em, caseId, userId) };
  },
});

const decide = defineRoute({
  method: 'post',
  path: '/moderation/cases/{id}/decision',
  summary: 'Decide a case, with a statement of reasons',
  description:
    'By its holder, as they saw it: `409 not_claimed`, `409 version_conflict` where something was added since, `409 already_decided`. Whoever it concerns is told, with the reasons and where to appeal. `request_changes` waits for its author and ends nothing. The same decision sent again is the one that was taken.',
  tags: ['Moderation'],
  permission: 'moderator',
  params: idParams,
  body: decideBody,
  responses: { 200: decidedSchema },
  idempotent: true,
  handler: async ({ user: { userId }, params: { id: caseId }, body, em, ctx, deps: { config } }) => {
    const found = await findCase(em, caseId);
    if (!found) throw new DomainError('not_found');
    const { measures } = decidedSubject(found.subjectType);
    const statement = statementOf(body.statement, { allowed: measures, now: await databaseNow(em) });
    const handling = { caseId, userId, requestId: ctx.state.requestId };
    const asked = { ...handling, version: body.version, statement, internalNote: body.internalNote ?? null };
    const { decisionId } = done(await em.transactional((tx) => decideCase(tx, asked)));
    const ids = await idsOfPerson(em, userId);
    const decision = await findDecision(em, decisionId, ids);
    if (!decision) throw new DomainError('not_found');
    const summaries = await subjectSummaries(em, [{ type: found.subjectType, id: found.subjectId }]);
    return {
      status: 200,
      body: {
        case: await caseAfter(em, caseId, userId),
        decision: presentDecision(decision, {
          summaries,
          staff: true,
          ids,
          windowDays: config.APPEAL_WINDOW_DAYS,
        }),
      },
    };
  },
});

/** Throws after the commit where it was refused: the denial's audit row stays. */
function done<T extends object>(result: T | Refusal | null): T {
  if (result === null) throw new DomainError('not_found');
  if ('denied' in result) throw new DomainError(result.denied, result.params ? { params: result.params } : {});
  return result;
}

async function caseAfter(em: EntityManager, caseId: string, userId: string) {
  const row = await findCase(em, caseId);
  if (!row) throw new DomainError('not_found');
  return presentCase(em, row, await idsOfPerson(em, userId));
}

export const caseHandlingRoutes = [claim, release, decide];
