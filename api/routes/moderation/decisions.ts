import { subjectSummaries } from '../../../adapters/postgres/case-subjects';
import { findDecision } from '../../../adapters/postgres/decision-reads';
import { idsOfPerson } from '../../../adapters/postgres/erasure';
import { offensesEnabled } from '../../../adapters/postgres/operator-switches';
import { DomainError } from '../../../domain/errors';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { isStaff, presentDecision } from './decision-presenter';
import { decisionSchema } from './decision-schema';

const get = defineRoute({
  method: 'get',
  path: '/decisions/{id}',
  summary: 'A decision with its statement of reasons',
  description:
    'For whoever was told of it, for moderators, reviewers and admins, and for everybody who is signed in where it is about an offense. Who decided is told to nobody whom it concerns.',
  tags: ['Moderation'],
  permission: 'signed_in',
  params: idParams,
  responses: { 200: decisionSchema },
  handler: async ({ user, params: { id }, em, deps: { config } }) => {
    const ids = await idsOfPerson(em, user.userId);
    const decision = await findDecision(em, id, ids);
    const staff = isStaff(user);
    if (!decision) throw new DomainError('not_found');
    const subject = { type: decision.subjectType, id: decision.subjectId };
    const ofTheirs = decision.told !== null || staff;
    if (!ofTheirs && !(subject.type === 'offense' && (await offensesEnabled(em)))) throw new DomainError('not_found');
    const summaries = await subjectSummaries(em, [subject], ofTheirs ? 'everything' : 'shown');
    return {
      status: 200,
      body: presentDecision(decision, { summaries, staff, ids, windowDays: config.APPEAL_WINDOW_DAYS }),
    };
  },
});

export const decisionRoutes = [get];
