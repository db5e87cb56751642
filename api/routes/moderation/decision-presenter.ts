import type { z } from 'zod';
import type { SubjectSummary } from '../../../adapters/postgres/case-subjects';
import type { ReadDecision } from '../../../adapters/postgres/decision-reads';
import { findRule } from '../../../domain/policies';
import { appealUntil, appealWindowDays, furtherRedress } from '../../../domain/redress';
import type { Caller } from '../../context';
import { appealsHref, decisionHref, policyHref } from '../../hrefs';
import type { decisionSchema, redressSchema, statementSchema } from './decision-schema';
import { presentSubject } from './subject-presenter';

/** Whether somebody reads cases, and what belongs to them, by a role. */
export const isStaff = ({ roles, suspended }: Pick<Caller, 'roles' | 'suspended'>): boolean =>
  roles.length > 0 && !suspended;

export function presentDecision(
  decision: ReadDecision,
  { summaries, staff }: { summaries: ReadonlyMap<string, SubjectSummary>; staff: boolean },
): z.input<typeof decisionSchema> {
  const { id, subjectType, subjectId, caseId, deciderId, internalNote, told } = decision;
  return {
    id,
    subject: presentSubject({ type: subjectType, id: subjectId }, summaries),
    statement: presentStatement(decision),
    decidedAt: decision.decidedAt.toISOString(),
    endedAt: decision.endedAt?.toISOString() ?? null,
    reversedAt: decision.reversedAt?.toISOString() ?? null,
    replaces: decision.replacesId && decisionHref(decision.replacesId),
    replacedBy: decision.replacedById && decisionHref(decision.replacedById),
    told: told && { as: told.capacity, at: told.at.toISOString() },
    staff: staff && !told ? { caseId, deciderId, internalNote } : null,
  };
}

export function presentStatement(decision: ReadDecision): z.input<typeof statementSchema> {
  const { measure, until, facts, automated, rule, policyVersion } = decision;
  return {
    measure,
    scope: { where: 'this_service', territory: 'everywhere' },
    until: until?.toISOString() ?? null,
    facts,
    automated,
    rule: {
      code: rule,
      title: findRule(policyVersion, rule)?.title ?? null,
      policyVersion,
      href: policyHref(policyVersion),
    },
    redress: redressOf(decision),
  };
}

/** An appeal for whoever was told, and against what was decided about an offense for everybody; until their time is over. */
function redressOf(decision: ReadDecision): z.input<typeof redressSchema>[] {
  const { told, subjectType, decidedAt, measure, reversedAt, replacedById } = decision;
  const since = told?.at ?? (subjectType === 'offense' ? decidedAt : null);
  const until = since && appealUntil(since, appealWindowDays);
  const appealable =
    until && until > new Date() && measure !== 'request_changes' && reversedAt === null && replacedById === null;
  return [
    ...(appealable
      ? [{ kind: 'appeal' as const, text: appealText, href: appealsHref, until: until.toISOString() }]
      : []),
    ...furtherRedress.map(({ kind, text }) => ({ kind, text, href: null, until: null })),
  ];
}

const appealText = 'You can appeal here. Somebody else than who decided looks at it again.';
