import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { madeAt, moment } from './columns';
import { User } from './people';

/** Something that a person is told by e-mail; to which address is looked up when it is sent. At most one of a type about a subject waits. */
export const Email = defineEntity({
  name: 'Email',
  tableName: 'emails',
  properties: {
    id: p.uuid().primary(),
    userId: p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('cascade').index(),
    type: p.string().length(60),
    subjectId: p.uuid(),
    /** Ids, enums, counts and times. */
    params: p.json<Record<string, string | number>>().defaultRaw("'{}'"),
    status: p.string().length(20).default('waiting'),
    /** What was told since leaves nothing to say. */
    settled: p.boolean().default(false),
    attempts: p.integer().default(0),
    /** The mail server's last reply code, where it gave one. */
    reply: p.integer().nullable(),
    failureCode: p.string().length(60).nullable(),
    createdAt: madeAt().index(),
    attemptedAt: moment().nullable(),
    finishedAt: moment().nullable(),
  },
  indexes: [
    {
      name: 'emails_waiting',
      expression: `create unique index emails_waiting on emails (user_id, type, subject_id) where status = 'waiting'`,
    },
    { name: 'emails_in_turn', expression: `create index emails_in_turn on emails (id) where status = 'waiting'` },
  ],
});
export type Email = InferEntity<typeof Email>;
