import { audit } from '../../../adapters/postgres/audit';
import { emailAddressOf } from '../../../adapters/postgres/email-address';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { findPerson, readSetup, updatePerson } from '../../../adapters/postgres/people';
import { findMute } from '../../../adapters/postgres/submission-mutes';
import { findSuspension } from '../../../adapters/postgres/suspensions';
import { DomainError } from '../../../domain/errors';
import type { Dependencies } from '../../dependencies';
import { defineRoute } from '../../route';
import { presentMe } from './presenters';
import { changeMeSchema, meSchema } from './schema';

async function me(em: EntityManager, userId: string, { config }: Pick<Dependencies, 'config'>) {
  const person = await findPerson(em, userId);
  if (!person) throw new DomainError('unauthenticated');
  return presentMe(person, {
    emails: { sending: config.email !== null, to: await emailAddressOf(em, userId) },
    setup: await readSetup(em, userId),
    suspension: await findSuspension(em, userId),
    mute: await findMute(em, userId),
  });
}

const read = defineRoute({
  method: 'get',
  path: '/me',
  summary: 'Your account, your settings and how far you have come',
  tags: ['Me'],
  permission: 'signed_in',
  responses: { 200: meSchema },
  handler: async ({ user, em, deps }) => ({ status: 200, body: await me(em, user.userId, deps) }),
});

const change = defineRoute({
  method: 'patch',
  path: '/me',
  summary: 'Change your name or your settings',
  tags: ['Me'],
  permission: 'user',
  body: changeMeSchema,
  responses: { 200: meSchema },
  handler: async ({ user, body, em, ctx, deps }) => {
    await em.transactional(async (tx) => {
      if ((await updatePerson(tx, { userId: user.userId, ...body })) === null)
        throw new DomainError('version_conflict', { resource: { type: 'user', id: user.userId, href: '/api/v1/me' } });
      audit(tx, { actorId: user.userId, event: 'user.changed', outcome: 'done', requestId: ctx.state.requestId });
    });
    return { status: 200, body: await me(em, user.userId, deps) };
  },
});

export const meRoutes = [read, change];
