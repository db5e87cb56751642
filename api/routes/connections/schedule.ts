import type { z } from 'zod';
import { audit } from '../../../adapters/postgres/audit';
import { lockOwnConnection } from '../../../adapters/postgres/connection-reads';
import {
  deleteSchedule,
  findSchedule,
  saveSchedule,
  type ScheduleRow,
} from '../../../adapters/postgres/connection-schedules';
import { DomainError } from '../../../domain/errors';
import type { Dependencies } from '../../dependencies';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { saveScheduleSchema, scheduleSchema } from './schedule-schema';

type Schedule = z.input<typeof scheduleSchema>;

const read = defineRoute({
  method: 'get',
  path: '/connections/{id}/schedule',
  summary: 'Whether this connection is looked after every week',
  description: '404 where it is not.',
  tags: ['Connections'],
  permission: 'user',
  params: idParams,
  responses: { 200: scheduleSchema },
  handler: async ({ user, params, em, deps }) => {
    const row = await findSchedule(em, { userId: user.userId, connectionId: params.id });
    if (!row) throw new DomainError('not_found');
    return { status: 200, body: present(row, deps) };
  },
});

const save = defineRoute({
  method: 'put',
  path: '/connections/{id}/schedule',
  summary: 'Have this connection looked after every week',
  description:
    'Once a week the library is read and a plan made. What you had brought back is left alone until you change the block. A turn that was missed is made up for once. 201 where it was off, 200 for a change.',
  tags: ['Connections'],
  permission: 'user',
  params: idParams,
  body: saveScheduleSchema,
  responses: { 200: scheduleSchema, 201: scheduleSchema },
  handler: async ({ user, params: { id }, body, em, ctx, deps }) => {
    const { userId } = user;
    const { version, switches, ...choice } = body;
    const created = await em.transactional(async (tx) => {
      const connection = await lockOwnConnection(tx, { userId, id });
      if (!connection) throw new DomainError('not_found');
      const own = Object.fromEntries(Object.entries(switches ?? {}).filter(([, value]) => value !== undefined));
      const isNew = await saveSchedule(tx, id, { ...choice, switches: own }, version);
      audit(tx, {
        actorId: userId,
        event: 'schedule.saved',
        outcome: 'done',
        subjectType: 'connection',
        subjectId: id,
        details: { mode: choice.mode },
        requestId: ctx.state.requestId,
      });
      return isNew;
    });
    const row = await findSchedule(em, { userId, connectionId: id });
    if (!row) throw new DomainError('not_found');
    const presented = present(row, deps);
    return created ? { status: 201, body: presented } : { status: 200, body: presented };
  },
});

const remove = defineRoute({
  method: 'delete',
  path: '/connections/{id}/schedule',
  summary: 'Stop looking after this connection every week',
  description: 'A run that has begun goes on; a plan that is being made is carried out no more.',
  tags: ['Connections'],
  permission: 'user',
  params: idParams,
  responses: { 204: null },
  handler: async ({ user, params: { id }, em, ctx }) => {
    await em.transactional(async (tx) => {
      const connection = await lockOwnConnection(tx, { userId: user.userId, id });
      if (!connection || !(await deleteSchedule(tx, id))) throw new DomainError('not_found');
      audit(tx, {
        actorId: user.userId,
        event: 'schedule.removed',
        outcome: 'done',
        subjectType: 'connection',
        subjectId: id,
        requestId: ctx.state.requestId,
      });
    });
    return { status: 204 };
  },
});

function present({ nextDueAt, last, ...row }: ScheduleRow, { config }: Dependencies): Schedule {
  return {
    ...row,
    preset: row.preset as Schedule['preset'],
    nextAt: nextDueAt.toISOString(),
    cap: { items: config.UNATTENDED_CAP_ITEMS, percent: config.UNATTENDED_CAP_PERCENT },
    last: last && {
      ...last,
      status: last.status as NonNullable<Schedule['last']>['status'],
      dueAt: last.dueAt.toISOString(),
    },
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

export const scheduleRoutes = [read, save, remove];
