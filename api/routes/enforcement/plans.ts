import { audit } from '../../../adapters/postgres/audit';
import { finishJob } from '../../../adapters/postgres/jobs';
import { countPlanItems, findPlan, listPlans, lockPlan } from '../../../adapters/postgres/plan-reads';
import { refreshPlan } from '../../../adapters/postgres/plan-refresh';
import { startPlan } from '../../../adapters/postgres/plan-start';
import { Plan } from '../../../adapters/postgres/entities';
import { DomainError } from '../../../domain/errors';
import { jobHref, runHref } from '../../../domain/hrefs';
import { decodeCursor, idPosition, makePage, pageOf } from '../../paging';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { planCapabilities } from './plan-capabilities';
import { presentPlan } from './plan-presenters';
import { makePlanSchema, planSchema, plansQuery, startedPlanSchema } from './plan-schema';

const make = defineRoute({
  method: 'post',
  path: '/enforcement/plans',
  summary: 'Work out what would change',
  description:
    'Reads the library afresh and matches it with your blocks; changes nothing at the provider. The plan lives seven days.',
  tags: ['Enforcement'],
  permission: 'user',
  body: makePlanSchema,
  responses: { 202: startedPlanSchema },
  idempotent: true,
  handler: async ({ user, body, em, ctx, deps }) => {
    const { requestId } = ctx.state;
    const { planId, jobId, outboxId } = await em.transactional(async (tx) => {
      const switches = Object.fromEntries(
        Object.entries(body.switches ?? {}).filter(([, value]) => value !== undefined),
      );
      const started = await startPlan(tx, { ...body, userId: user.userId, switches, requestId });
      audit(tx, {
        actorId: user.userId,
        event: 'plan.requested',
        outcome: 'done',
        subjectType: 'plan',
        subjectId: started.planId,
        requestId,
      });
      return started;
    });
    await deps.dispatcher.tryStart(outboxId);
    return { status: 202, body: { planId, jobId }, headers: { Location: jobHref(jobId) } };
  },
});

const list = defineRoute({
  method: 'get',
  path: '/enforcement/plans',
  summary: 'Your plans',
  tags: ['Enforcement'],
  permission: 'user',
  query: plansQuery,
  responses: { 200: pageOf(planSchema) },
  handler: async ({ user, query, em, deps }) => {
    const after = decodeCursor(query.cursor, idPosition);
    const { connectionId = null, status = null } = query;
    const page = { userId: user.userId, connectionId, status, limit: query.limit + 1, after: after?.id ?? null };
    const rows = await listPlans(em, page);
    const counts = await countPlanItems(
      em,
      rows.slice(0, query.limit).map(({ id }) => id),
    );
    const capabilitiesOf = await planCapabilities(deps, rows);
    const body = makePage(rows, {
      limit: query.limit,
      present: (row) => presentPlan(row, { counts: counts.get(row.id)!, capabilities: capabilitiesOf(row) }),
      position: ({ id }) => ({ id }),
      first: !after,
      emptyReason: connectionId === null && status === null ? 'no_plans' : 'nothing_matches',
    });
    return { status: 200, body };
  },
});

const read = defineRoute({
  method: 'get',
  path: '/enforcement/plans/{id}',
  summary: 'One plan',
  tags: ['Enforcement'],
  permission: 'user',
  params: idParams,
  responses: { 200: planSchema },
  handler: async ({ user, params, em, deps }) => {
    const row = await findPlan(em, { userId: user.userId, id: params.id });
    if (!row) throw new DomainError('not_found');
    const counts = (await countPlanItems(em, [row.id])).get(row.id)!;
    const capabilities = (await planCapabilities(deps, [row]))(row);
    return { status: 200, body: presentPlan(row, { counts, capabilities }) };
  },
});

const refresh = defineRoute({
  method: 'post',
  path: '/enforcement/plans/{id}/refresh',
  summary: 'Make a plan anew',
  description:
    'By the library and the blocks of now; changes nothing at the provider. Everything that you included or excluded stays so, also what is not in the plan for a while, and the plan lives another seven days. Until the job has ended the plan is `preparing` and shows what it was; a refresh that fails leaves it `stale`. One that is under way is joined. `409 plan_already_executed` with the run.',
  tags: ['Enforcement'],
  permission: 'user',
  params: idParams,
  responses: { 202: startedPlanSchema },
  idempotent: true,
  handler: async ({ user, params, em, ctx, deps }) => {
    const { requestId } = ctx.state;
    const { planId, jobId, outboxId } = await em.transactional(async (tx) => {
      const started = await refreshPlan(tx, { userId: user.userId, planId: params.id, requestId });
      if (started.outboxId)
        audit(tx, {
          actorId: user.userId,
          event: 'plan.refreshed',
          outcome: 'done',
          subjectType: 'plan',
          subjectId: started.planId,
          requestId,
        });
      return started;
    });
    if (outboxId) await deps.dispatcher.tryStart(outboxId);
    return { status: 202, body: { planId, jobId }, headers: { Location: jobHref(jobId) } };
  },
});

const remove = defineRoute({
  method: 'delete',
  path: '/enforcement/plans/{id}',
  summary: 'Throw a plan away',
  description: 'One that was carried out stays, as what its run rests on.',
  tags: ['Enforcement'],
  permission: 'user',
  params: idParams,
  responses: { 204: null },
  handler: async ({ user, params, em, ctx }) => {
    await em.transactional(async (tx) => {
      const plan = await lockPlan(tx, { userId: user.userId, id: params.id });
      if (!plan) throw new DomainError('not_found');
      if (plan.runId) {
        const resource = { type: 'run', id: plan.runId, href: runHref(plan.runId) };
        throw new DomainError('plan_already_executed', { resource });
      }
      await finishJob(tx, plan.jobId, 'cancelled');
      await tx.nativeDelete(Plan, { id: plan.id });
      audit(tx, {
        actorId: user.userId,
        event: 'plan.deleted',
        outcome: 'done',
        subjectType: 'plan',
        subjectId: plan.id,
        requestId: ctx.state.requestId,
      });
    });
    return { status: 204 };
  },
});

export const planRoutes = [make, list, read, refresh, remove];
