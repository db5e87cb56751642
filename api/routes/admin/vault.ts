import { z } from 'zod';
import { vaultReport } from '../../../adapters/postgres/vault-report';
import { latestVaultRotation, startVaultRotation } from '../../../adapters/postgres/vault-rotation-start';
import { jobStatuses } from '../../../domain/jobs';
import { jobHref } from '../../../domain/hrefs';
import { defineRoute } from '../../route';
import { moment } from '../auth/schema';
import { startedJobSchema } from '../connections/schema';

const count = z.int();

const reportSchema = z
  .object({
    newestKeyId: z.string().meta({ description: 'Everything new is sealed under it.' }),
    keys: z.array(
      z.object({
        keyId: z.string(),
        inRing: z.boolean().meta({ description: 'Whether the process that answers has it.' }),
        newest: z.boolean(),
        values: count.meta({ description: 'Values sealed under it.' }),
        removable: z.boolean().meta({
          description: 'It is in the ring, is not the newest, and nothing is sealed under it any more.',
        }),
      }),
    ),
    columns: z.array(
      z.object({
        table: z.string(),
        column: z.string(),
        values: count,
        byKey: z.array(
          z.object({
            keyId: z.string().nullable().meta({ description: 'Null where a value is too damaged to name its key.' }),
            values: count,
          }),
        ),
      }),
    ),
    toRotate: count.meta({ description: 'Values that a rotation has still to move to the newest key.' }),
    keyMissing: count.meta({ description: 'Values whose key the process that answers does not have.' }),
    rotation: z
      .object({
        jobId: z.uuid(),
        status: z.enum(jobStatuses),
        progress: z.object({ done: count, total: count }),
        failure: z.object({ code: z.string() }).nullable(),
        createdAt: moment,
        finishedAt: moment.nullable(),
      })
      .nullable()
      .meta({ description: 'The one that was asked for last.' }),
  })
  .meta({ id: 'VaultReport' });

const report = defineRoute({
  method: 'get',
  path: '/admin/vault',
  summary: 'What is sealed under which key',
  description:
    'Counts every sealed value by the key that its header names. Keys are known by their ids; no key and nothing sealed is shown.',
  tags: ['Admin'],
  permission: 'admin',
  responses: { 200: reportSchema },
  handler: async ({ em, deps }) => {
    const last = await latestVaultRotation(em);
    const rotation = last && {
      jobId: last.jobId,
      status: z.enum(jobStatuses).parse(last.status),
      progress: { done: last.done, total: last.total },
      failure: last.failureCode === null ? null : { code: last.failureCode },
      createdAt: last.createdAt.toISOString(),
      finishedAt: last.finishedAt?.toISOString() ?? null,
    };
    return { status: 200, body: { ...(await vaultReport(em, deps.vault)), rotation } };
  },
});

const rotate = defineRoute({
  method: 'post',
  path: '/admin/vault/rotate',
  summary: 'Seal everything anew under the newest key',
  description:
    'Goes on while everything is read and renewed. What cannot be opened is left as it is and counted (milestone `vault_rotated`: `moved`, `left`). A rotation that is under way is joined.',
  tags: ['Admin'],
  permission: 'admin',
  responses: { 202: startedJobSchema },
  idempotent: true,
  handler: async ({ user, em, ctx, deps }) => {
    const { requestId } = ctx.state;
    const [keyId] = deps.vault.keyIds;
    const { jobId, outboxId } = await em.transactional((tx) =>
      startVaultRotation(tx, { userId: user.userId, keyId, requestId }),
    );
    if (outboxId) await deps.dispatcher.tryStart(outboxId);
    return { status: 202, body: { jobId }, headers: { Location: jobHref(jobId) } };
  },
});

export const vaultRoutes = [report, rotate];
