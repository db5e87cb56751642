import { callRates } from '../../../adapters/environment/call-rates';
import { refigurePlan } from '../../../adapters/postgres/plan-estimates';
import { foreignItems, includeItems, listPlanItems } from '../../../adapters/postgres/plan-items';
import { countPlanItems, findPlan, lockPlan, type PlanRow } from '../../../adapters/postgres/plan-reads';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { DomainError } from '../../../domain/errors';
import { jobHref, runHref } from '../../../domain/hrefs';
import { makePage, pageOf } from '../../paging';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { placeInPlan, positionInPlan } from './plan-cursor';
import { presentPlanItem } from './plan-presenters';
import { changedItemsSchema, changeItemsSchema, planItemSchema, planItemsQuery } from './plan-schema';

const list = defineRoute({
  method: 'get',
  path: '/enforcement/plans/{id}/items',
  summary: 'What a plan would change, and why',
  description:
    'In the plan’s order: likes, albums, follows, then playlist by playlist. A cursor from before a refresh is `409 version_conflict`.',
  tags: ['Enforcement'],
  permission: 'user',
  params: idParams,
  query: planItemsQuery,
  responses: { 200: pageOf(planItemSchema) },
  handler: async ({ user, params, query, em }) => {
    const { limit, cursor, ...filter } = query;
    const plan = await findPlan(em, { userId: user.userId, id: params.id });
    if (!plan) throw new DomainError('not_found');
    const after = placeInPlan(plan, cursor);
    const rows = await listPlanItems(em, plan.id, { filter, after: after ?? -1, limit: limit + 1 });
    const filtered = Object.values(filter).some((value) => value !== undefined);
    const body = makePage(rows, {
      limit,
      present: presentPlanItem(plan),
      position: ({ seq }) => positionInPlan(plan, seq),
      first: after === null,
      emptyReason: plan.status === 'preparing' ? 'plan_preparing' : filtered ? 'nothing_matches' : 'nothing_to_change',
    });
    return { status: 200, body };
  },
});

const change = defineRoute({
  method: 'patch',
  path: '/enforcement/plans/{id}/items',
  summary: 'Include or exclude items',
  description: 'By id or by filter, while the plan has not been carried out. What cannot be enforced stays excluded.',
  tags: ['Enforcement'],
  permission: 'user',
  params: idParams,
  body: changeItemsSchema,
  responses: { 200: changedItemsSchema },
  handler: async ({ user, params, body, em, deps }) => {
    const result = await em.transactional(async (tx) => {
      const plan = await lockPlan(tx, { userId: user.userId, id: params.id });
      if (!plan) throw new DomainError('not_found');
      requireEditable(plan);
      if (body.version !== undefined && body.version !== plan.version)
        throw new DomainError('version_conflict', { params: { version: plan.version } });
      if (body.itemIds) await requireItemsOf(tx, plan.id, body.itemIds);
      const which = body.itemIds ? { itemIds: body.itemIds } : { filter: body.filter ?? {} };
      const changed = await includeItems(tx, plan.id, which, body.included);
      if (changed > 0) await refigurePlan(tx, plan.id, { provider: plan.provider, callRates: callRates(deps.config) });
      return { changed, counts: (await countPlanItems(tx, [plan.id])).get(plan.id)! };
    });
    return { status: 200, body: result };
  },
});

function requireEditable(plan: PlanRow): void {
  if (plan.runId) {
    const resource = { type: 'run', id: plan.runId, href: runHref(plan.runId) };
    throw new DomainError('plan_already_executed', { resource });
  }
  if (plan.status === 'preparing')
    throw new DomainError('plan_not_ready', { action: { code: 'watch_job', href: jobHref(plan.jobId) } });
  if (plan.status === 'failed')
    throw new DomainError('plan_failed', { params: { failureCode: plan.failureCode ?? 'internal_error' } });
  if (plan.status === 'expired') throw new DomainError('plan_expired');
}

async function requireItemsOf(tx: EntityManager, planId: string, itemIds: string[]): Promise<void> {
  const foreign = await foreignItems(tx, planId, itemIds);
  if (foreign.size === 0) return;
  const errors = itemIds.flatMap((id, n) =>
    foreign.has(id) ? [{ path: `body.itemIds[${n}]`, code: 'unknown_item', message: 'Not an item of this plan' }] : [],
  );
  throw new DomainError('invalid_request', { errors: errors.slice(0, 20) });
}

export const planItemRoutes = [list, change];
