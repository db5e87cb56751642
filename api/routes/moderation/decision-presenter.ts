import type { z } from 'zod';
import type { SubjectSummary } from '../../../adapters/postgres/case-subjects';
import type { ReadDecision } from '../../../adapters/postgres/decision-reads';
import { appealDenial } from '../../../domain/appeals';
import type { StatementOfReasons } from '../../../domain/moderation';
import { findRule } from '../../../domain/policies';
import { appealUntil, furtherRedress } from '../../../domain/redress';
import type { Caller } from '../../context';
import { appealsHref, decisionHref, policyHref } from '../../../domain/hrefs';
import type { decisionSchema, redressSchema, statementSchema } from './decision-schema';
import { presentSubject } from './subject-presenter';

/** Whether somebody reads cases, and what belongs to them, by a role. */
export const isStaff = ({ roles, suspended }: Pick<Caller, 'roles' | 'suspended'>): boolean =>
  roles.length > 0 && !suspended;

/** Who reads a decision: all their ids, none where nobody is signed in; and the days within which one appeals. */
export interface DecisionReader {
  ids: readonly string[];
  windowDays: number;
}

export function presentDecision(
  decision: ReadDecision,
  { summaries, staff, ...reader }: DecisionReader & { summaries: ReadonlyMap<string, SubjectSummary>; staff: boolean },
): z.input<typeof decisionSchema> {
  const { id, subjectType, subjectId, caseId, deciderId, internalNote, told } = decision;
  return {
    id,
    subject: presentSubject({ type: subjectType, id: subjectId }, summaries),
    statement: presentStatement(decision, reader),
    decidedAt: decision.decidedAt.toISOString(),
    endedAt: decision.endedAt?.toISOString() ?? null,
    reversedAt: decision.reversedAt?.toISOString() ?? null,
    replaces: decision.replacesId && decisionHref(decision.replacesId),
    replacedBy: decision.replacedById && decisionHref(decision.replacedById),
    told: told && { as: told.capacity, at: told.at.toISOString() },
    staff: staff && !told ? { caseId, deciderId, internalNote } : null,
  };
}

export function presentStatement(decision: ReadDecision, reader: DecisionReader): z.input<typeof statementSchema> {
  return { measure: decision.measure, ...presentReasons(decision), redress: redressOf(decision, reader) };
}

/** What a statement of reasons says beside its measure and the ways of redress. */
export function presentReasons({
  until,
  facts,
  automated,
  rule,
  policyVersion,
}: Omit<StatementOfReasons, 'measure'>): Omit<z.input<typeof statementSchema>, 'measure' | 'redress'> {
  return {
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
  };
}

/** Where whoever is not content can go beside here. */
export const redressElsewhere: z.input<typeof redressSchema>[] = furtherRedress.map(({ kind, text }) => ({
  kind,
  text,
  href: null,
  until: null,
}));

/** An appeal for whoever can appeal now, as `POST appeals` would say, and what is open to everybody. */
function redressOf(decision: ReadDecision, { ids, windowDays }: DecisionReader): z.input<typeof redressSchema>[] {
  const { told, decidedAt, reversedAt } = decision;
  const toldAt = told?.at ?? null;
  const appealed = { ...decision, toldAt, reversed: reversedAt !== null };
  const denied = appealDenial(appealed, { personIds: ids, now: new Date(), windowDays });
  const until = appealUntil(toldAt ?? decidedAt, windowDays).toISOString();
  return [
    ...(denied ? [] : [{ kind: 'appeal' as const, text: appealText, href: appealsHref, until }]),
    ...redressElsewhere,
  ];
}

const appealText = 'You can appeal here. Somebody else than who decided looks at it again.';
