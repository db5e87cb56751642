import type { z } from 'zod';
import { usedDraft } from '../../../adapters/postgres/appeal-outcomes';
import { appealMessages, type AppealRow } from '../../../adapters/postgres/appeal-reads';
import type { EntityManager } from '../../../adapters/postgres/orm';
import type { Measure, StatementOfReasons } from '../../../domain/moderation';
import type { Caller } from '../../context';
import { isStaff, presentReasons, redressElsewhere } from '../moderation/decision-presenter';
import type { appealDetailSchema, appealSchema } from './schema';

const iso = (text: string) => new Date(text).toISOString();
const isoOrNull = (text: string | null) => (text === null ? null : iso(text));

export function presentAppeal(row: AppealRow, caller: Caller): z.input<typeof appealSchema> {
  const mine = row.userId === caller.userId;
  return {
    id: row.id,
    decision: { id: row.decisionId, measure: row.measure, subject: { type: row.about, id: row.aboutId } },
    mine,
    state: row.state,
    grounds: row.grounds,
    holderId: isStaff(caller) ? row.holderId : null,
    deadlineAt: iso(row.deadlineAt),
    escalation: row.escalatedAt === null ? null : { level: row.escalationLevel, at: iso(row.escalatedAt) },
    jobId: mine ? row.jobId : null,
    version: row.version,
    createdAt: iso(row.createdAt),
    closedAt: isoOrNull(row.closedAt),
  };
}

/** What a reviewer says of a decision; it has a measure of its own where it modifies that. */
export const presentOutcomeReasons = (
  reasons: Omit<StatementOfReasons, 'measure' | 'until'> & { measure: Measure | null; until: string | null },
) => ({
  measure: reasons.measure,
  ...presentReasons({ ...reasons, until: reasons.until === null ? null : new Date(reasons.until) }),
});

/** The same with what was asked and answered, and, once it is decided, why. */
export async function presentDetail(
  em: EntityManager,
  row: AppealRow,
  caller: Caller,
): Promise<z.input<typeof appealDetailSchema>> {
  const messages = await appealMessages(em, row.id);
  const reasons = row.draftId === null ? null : await usedDraft(em, row.draftId);
  return {
    ...presentAppeal(row, caller),
    messages: messages.map(({ sentAt, ...message }) => ({ ...message, sentAt: iso(sentAt) })),
    outcome: reasons && {
      outcome: reasons.outcome,
      statement: { ...presentOutcomeReasons(reasons), redress: redressElsewhere },
      decisionId: row.outcomeDecisionId,
      ...(isStaff(caller) && { internalNote: reasons.internalNote }),
    },
  };
}
