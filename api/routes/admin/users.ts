import { z } from 'zod';
import { audit } from '../../../adapters/postgres/audit';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { findPerson } from '../../../adapters/postgres/people';
import { listPeople, type ListedPerson } from '../../../adapters/postgres/people-listing';
import { changeRole } from '../../../adapters/postgres/role-changes';
import { suspend, unsuspend } from '../../../adapters/postgres/suspending';
import { findSuspensions } from '../../../adapters/postgres/suspensions';
import { DomainError, type ErrorCode } from '../../../domain/errors';
import { currentPolicy, findRule } from '../../../domain/policies';
import { roles, type RoleChange } from '../../../domain/roles';
import { decodeCursor, idPosition, makePage, pageOf } from '../../paging';
import { defineRoute } from '../../route';
import { presentSuspension, presentUser } from '../auth/presenters';
import { idParams } from '../auth/schema';
import { listedUserSchema, peopleQuery, suspendSchema, unsuspendSchema } from './users-schema';

const list = defineRoute({
  method: 'get',
  path: '/admin/users',
  summary: 'People here, their roles and who is suspended',
  description: 'Newest first. That it was looked at is on record.',
  tags: ['Admin'],
  permission: 'admin',
  query: peopleQuery,
  responses: { 200: pageOf(listedUserSchema) },
  handler: async ({ user, query: { query, role, suspended, limit, cursor }, em, ctx }) => {
    const after = decodeCursor(cursor, idPosition);
    const filter = { query: query ?? null, role: role ?? null, suspended: suspended ?? null };
    const rows = await listPeople(em, { ...filter, limit: limit + 1, after: after?.id ?? null });
    const page = makePage(rows, {
      limit,
      present: (row) => row,
      position: ({ id }) => ({ id }),
      first: !after,
      emptyReason: 'nothing_matches',
    });
    const items = await presentPeople(em, page.items);
    audit(em, {
      actorId: user.userId,
      event: 'user.listed',
      outcome: 'done',
      details: { searched: query !== undefined, listed: items.length },
      requestId: ctx.state.requestId,
    });
    await em.flush();
    return { status: 200, body: { ...page, items } };
  },
});

const roleParams = z.object({ id: z.uuid(), role: z.enum(roles) });

const grant = defineRoute({
  method: 'put',
  path: '/admin/users/{id}/roles/{role}',
  summary: 'Give a person a role',
  description: 'It counts from their next request on. Nobody gives themselves one: `403 own_case`.',
  tags: ['Admin'],
  permission: 'admin',
  params: roleParams,
  responses: { 200: listedUserSchema },
  handler: ({ user, params, em, ctx }) =>
    change(em, { verb: 'grant', actorId: user.userId, userId: params.id, role: params.role }, ctx.state.requestId),
});

const take = defineRoute({
  method: 'delete',
  path: '/admin/users/{id}/roles/{role}',
  summary: 'Take a role from a person',
  description: 'It counts from their next request on. The last admin who isn’t suspended stays one: `409 last_admin`.',
  tags: ['Admin'],
  permission: 'admin',
  params: roleParams,
  responses: { 200: listedUserSchema },
  handler: ({ user, params, em, ctx }) =>
    change(em, { verb: 'take', actorId: user.userId, userId: params.id, role: params.role }, ctx.state.requestId),
});

async function change(em: EntityManager, asked: RoleChange, requestId: string) {
  return decided(em, asked.userId, await em.transactional((tx) => changeRole(tx, { ...asked, requestId })));
}

const suspendOne = defineRoute({
  method: 'post',
  path: '/admin/users/{id}/suspend',
  summary: 'Suspend a person',
  description:
    'With a reason that they read, the rule that it breaks, and an end. It is a decision like any other, which they can appeal against. They can still sign in, undo, export, appeal and leave, and nothing else; their schedules rest. What runs goes on to its end. `409 already_suspended`; `403 own_case` for oneself.',
  tags: ['Admin'],
  permission: 'admin',
  params: idParams,
  body: suspendSchema,
  responses: { 200: listedUserSchema },
  handler: async ({ user, params: { id: userId }, body, em, ctx }) => {
    const { reason, rule } = body;
    if (!findRule(currentPolicy.version, rule)) throw invalid('rule', 'unknown', 'A rule of the policy that holds now');
    const until = endOf(body.until ?? null);
    const decider = { userId, actorId: user.userId, requestId: ctx.state.requestId };
    return decided(em, userId, await em.transactional((tx) => suspend(tx, { ...decider, reason, rule, until })));
  },
});

function endOf(text: string | null): Date | null {
  if (text === null) return null;
  const until = new Date(text);
  if (until.getTime() > Date.now()) return until;
  throw invalid('until', 'out_of_range', 'In the future');
}

const invalid = (field: string, code: string, message: string) =>
  new DomainError('invalid_request', { errors: [{ path: `body.${field}`, code, message }] });

const unsuspendOne = defineRoute({
  method: 'post',
  path: '/admin/users/{id}/unsuspend',
  summary: 'End a person’s suspension',
  description: 'Before its time. They are told. `409 not_suspended` where nothing is to be ended.',
  tags: ['Admin'],
  permission: 'admin',
  params: idParams,
  body: unsuspendSchema.default({}),
  responses: { 200: listedUserSchema },
  handler: async ({ user, params: { id: userId }, body, em, ctx }) => {
    const decider = { userId, actorId: user.userId, requestId: ctx.state.requestId };
    const reason = body.reason ?? null;
    return decided(em, userId, await em.transactional((tx) => unsuspend(tx, { ...decider, reason })));
  },
});

type Decision = { denied: ErrorCode } | { changed: boolean } | { suspensionId: string } | null;

/** The person as they are after a decision. Throws after the commit where it was refused: the denial's audit row stays. */
async function decided(em: EntityManager, userId: string, decision: Decision) {
  if (decision === null) throw new DomainError('not_found');
  if ('denied' in decision) throw new DomainError(decision.denied);
  const person = await findPerson(em, userId);
  if (!person) throw new DomainError('not_found');
  return { status: 200 as const, body: (await presentPeople(em, [person]))[0]! };
}

async function presentPeople(
  em: EntityManager,
  people: readonly ListedPerson[],
): Promise<z.input<typeof listedUserSchema>[]> {
  const suspensions = await findSuspensions(
    em,
    people.map(({ id }) => id),
  );
  return people.map((person) => {
    const suspension = suspensions.get(person.id);
    return {
      ...presentUser(person),
      suspension: suspension ? presentSuspension(suspension) : null,
      createdAt: person.createdAt.toISOString(),
    };
  });
}

export const userRoutes = [list, grant, take, suspendOne, unsuspendOne];
