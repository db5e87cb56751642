import { audit } from '../../../adapters/postgres/audit';
import { countLostUndo, startErasure, type LostUndo } from '../../../adapters/postgres/erasure';
import { listConnections } from '../../../adapters/postgres/connection-reads';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { DomainError } from '../../../domain/errors';
import { jobHref, libraryExportHref } from '../../../domain/hrefs';
import { defineRoute } from '../../route';
import { eraseAccountSchema, eraseWords, startedErasureSchema } from './account-schema';

const erase = defineRoute({
  method: 'delete',
  path: '/me',
  summary: 'Erase your account',
  description: `Needs \`confirmation: "${eraseWords}"\`. Without it the answer is \`409 undo_would_be_lost\` with the counts where runs could still be undone, else \`400 confirmation_required\`; both name where a backup of each library and a file with everything can be had first. Running work is stopped, consents are taken back where the provider has a call for it (Google, Apple, GitHub; Spotify has none: there it is done by hand at spotify.com/account/apps), and everything is removed. Until then nothing new can be started (\`409 erasure_in_progress\`). A second call joins the first.`,
  tags: ['Me'],
  permission: 'signed_in',
  body: eraseAccountSchema.default({}),
  responses: { 202: startedErasureSchema },
  handler: async ({ user, body, em, ctx, deps }) => {
    const { userId } = user;
    const { requestId } = ctx.state;
    if (body.confirmation?.trim().toLowerCase() !== eraseWords) throw await unconfirmed(em, userId);
    const { jobId, outboxId } = await em.transactional(async (tx) => {
      const started = await startErasure(tx, { userId, requestId });
      const about = { subjectType: 'user', subjectId: userId, requestId };
      if (started.outboxId) audit(tx, { actorId: userId, event: 'user.erasure_requested', outcome: 'done', ...about });
      return started;
    });
    if (outboxId) await deps.dispatcher.tryStart(outboxId);
    return { status: 202, body: { jobId }, headers: { Location: jobHref(jobId) } };
  },
});

/** Says what would be lost, what to type, and what to take along first. */
async function unconfirmed(em: EntityManager, userId: string): Promise<DomainError> {
  const lost = await countLostUndo(em, userId);
  const connections = await listConnections(em, { userId, limit: 20, after: null });
  const backups = connections
    .filter(({ generationId }) => generationId !== null)
    .map(({ id }) => libraryExportHref(id));
  const first = [
    ...(backups.length > 0 ? [`a backup of each library with GET ${backups.join(', ')}`] : []),
    'a file with everything you have here with POST /api/v1/me/export',
  ];
  return new DomainError(lost.actions + lost.merges > 0 ? 'undo_would_be_lost' : 'confirmation_required', {
    detail: `${whatIsLost(lost)} To go on, send “${eraseWords}” as \`confirmation\`. Before that you can have ${first.join(', and ')}.`,
    params: { ...lost, confirmation: eraseWords, export: '/api/v1/me/export', backups: backups.join(' ') },
    action: { code: 'export_account', href: '/api/v1/me/export' },
  });
}

function whatIsLost({ runs, actions, merges }: LostUndo): string {
  const parts = [
    ...(actions > 0 ? [`${actions} changes of ${runs} runs that could still be undone`] : []),
    ...(merges > 0 ? [`${merges} merges of accounts that could still be undone`] : []),
  ];
  if (parts.length === 0) return 'Everything you have here will be erased, for good.';
  return `Everything you have here will be erased, for good, and with it ${parts.join(' and ')}.`;
}

export const accountRoutes = [erase];
