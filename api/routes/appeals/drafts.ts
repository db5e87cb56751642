import { z } from 'zod';
import { listDrafts, saveDraft } from '../../../adapters/postgres/appeal-drafts';
import type { StoredDraft } from '../../../adapters/postgres/appeal-outcomes';
import { findAppeal } from '../../../adapters/postgres/appeal-reads';
import { databaseNow } from '../../../adapters/postgres/clock';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { DomainError } from '../../../domain/errors';
import { currentPolicy, findRule } from '../../../domain/policies';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { invalidStatement } from '../moderation/statement-schema';
import { presentOutcomeReasons } from './presenters';
import { draftSchema, newDraftSchema } from './schema';

const draftsSchema = z.object({ items: z.array(draftSchema) }).meta({ id: 'AppealDrafts' });

const list = defineRoute({
  method: 'get',
  path: '/appeals/{id}/drafts',
  summary: 'What you have saved to decide an appeal by',
  description: 'Newest first; nobody else sees it.',
  tags: ['Appeals'],
  permission: 'reviewer',
  scope: 'moderate',
  params: idParams,
  responses: { 200: draftsSchema },
  handler: async ({ user, params: { id }, em }) => {
    if (!(await findAppeal(em, { id, userId: null }))) throw new DomainError('not_found');
    const drafts = await listDrafts(em, { appealId: id, userId: user.userId });
    return { status: 200, body: { items: drafts.map(presentDraft) } };
  },
});

const save = defineRoute({
  method: 'post',
  path: '/appeals/{id}/drafts',
  summary: 'Save what you would decide, and why',
  description:
    'Under your own name. It decides once `POST appeals/{id}/decision`, or an update `decide` of the appeal’s workflow, names it: `temporal workflow update execute --workflow-id appeal:ID --name decide --input \'{"draftId":"…"}\'`. It never changes; save another. Who may not decide may not save either.',
  tags: ['Appeals'],
  permission: 'reviewer',
  params: idParams,
  body: newDraftSchema,
  responses: { 201: draftSchema },
  idempotent: true,
  handler: async ({ user, params: { id }, body, em, ctx }) => {
    checkDraft(body, await databaseNow(em));
    const { outcome, statement, internalNote = null } = body;
    const { facts, rule, automated, measure = null, until } = statement;
    const saved = await em.transactional((tx) =>
      saveDraft(tx, {
        appealId: id,
        userId: user.userId,
        outcome,
        facts,
        rule,
        automated,
        policyVersion: currentPolicy.version,
        measure,
        until: until === undefined ? null : new Date(until),
        internalNote,
        requestId: ctx.state.requestId,
      }),
    );
    if (!saved) throw new DomainError('not_found');
    if ('denied' in saved) throw new DomainError(saved.denied);
    if ('measures' in saved) throw invalidStatement('measure', 'not_allowed', `One of ${saved.measures.join(', ')}`);
    return { status: 201, body: await ownDraft(em, { appealId: id, userId: user.userId, draftId: saved.draftId }) };
  },
});

/** Beyond its shape. Throws DomainError `invalid_request`. */
function checkDraft({ outcome, statement }: z.output<typeof newDraftSchema>, now: Date): void {
  const { measure, until, rule } = statement;
  if (!findRule(currentPolicy.version, rule))
    throw invalidStatement('rule', 'unknown', 'A rule of the policy that holds now');
  if ((outcome === 'modified') !== (measure !== undefined))
    throw invalidStatement('measure', 'mismatch', 'Given with `modified`, and with nothing else');
  if (until !== undefined && measure !== 'restrict' && measure !== 'suspend')
    throw invalidStatement('until', 'mismatch', 'Given with `restrict` or `suspend`, and with nothing else');
  if (measure === 'restrict' && until === undefined)
    throw invalidStatement('until', 'missing', 'Given with `restrict`');
  if (until !== undefined && new Date(until) <= now) throw invalidStatement('until', 'out_of_range', 'In the future');
}

async function ownDraft(em: EntityManager, which: { appealId: string; userId: string; draftId: string }) {
  const draft = (await listDrafts(em, which)).find(({ id }) => id === which.draftId);
  if (!draft) throw new DomainError('not_found');
  return presentDraft(draft);
}

const presentDraft = (draft: StoredDraft): z.input<typeof draftSchema> => ({
  id: draft.id,
  outcome: draft.outcome,
  statement: presentOutcomeReasons(draft),
  internalNote: draft.internalNote,
  createdAt: new Date(draft.createdAt).toISOString(),
});

export const appealDraftRoutes = [list, save];
