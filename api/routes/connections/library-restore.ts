import { z } from 'zod';
import { audit } from '../../../adapters/postgres/audit';
import { findConnection } from '../../../adapters/postgres/connection-reads';
import { storeFiledLibrary } from '../../../adapters/postgres/filed-libraries';
import { readLibraryFile } from '../../../adapters/files/library-file';
import { requireUsable, startPlan } from '../../../adapters/postgres/plan-start';
import { restoresFromFile, type StreamingProvider } from '../../../domain/capabilities';
import { DomainError } from '../../../domain/errors';
import { jobHref } from '../../../domain/hrefs';
import { defineRoute } from '../../route';
import { UploadedFile } from '../../uploaded-file';
import { idParams } from '../auth/schema';
import { startedPlanSchema } from '../enforcement/plan-schema';

const plan = defineRoute({
  method: 'post',
  path: '/connections/{id}/library/restore',
  summary: 'Plan to put back what a backup has',
  description:
    'The body is a file that `GET …/library/export` gave (CSV or JSON, at most 50 MB and 300,000 places), of this account or of another one at the same provider. Reads the library afresh and makes a plan, like any other, of what is in the file and not in the library now: likes, albums, follows, and tracks of playlists that you still own, each with what is lost in putting it back. What a block still wants out, and what is not known here, is in the plan and left out until you include it. Carried out, the plan is a run of type `restore`, which a rollback takes back. Nothing of a damaged file is kept: `library_file_invalid` with the place, `library_file_of_other_provider`, `import_not_utf8`, `import_not_csv`. `422 restore_unsupported` at Apple Music, where no app could take out again what it adds.',
  tags: ['Connections'],
  permission: 'user',
  params: idParams,
  file: { types: ['text/csv', 'application/json'], maxBytes: 50 * 1024 * 1024 },
  body: z.custom<UploadedFile>((body) => body instanceof UploadedFile),
  responses: { 202: startedPlanSchema },
  idempotent: true,
  handler: async ({ user, params, body, em, ctx, deps }) => {
    const { requestId } = ctx.state;
    const { userId } = user;
    const { planId, jobId, outboxId } = await em.transactional(async (tx) => {
      const connection = await findConnection(tx, { userId, id: params.id });
      if (!connection) throw new DomainError('not_found');
      const provider = connection.provider as StreamingProvider;
      if (!restoresFromFile(provider)) throw new DomainError('restore_unsupported', { params: { provider } });
      requireUsable(connection);
      const records = readLibraryFile(body.chunks(), body.type === 'text/csv' ? 'csv' : 'json', provider);
      const fileGenerationId = await storeFiledLibrary(tx, connection.id, records);
      const settings = { preset: 'standard', switches: {}, onFailure: 'keep' };
      const started = await startPlan(tx, {
        ...settings,
        userId,
        connectionId: connection.id,
        fileGenerationId,
        requestId,
      });
      audit(tx, {
        actorId: userId,
        event: 'plan.restore_requested',
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

export const libraryRestoreRoutes = [plan];
