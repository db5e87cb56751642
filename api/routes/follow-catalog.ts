import { z } from 'zod';
import { type CatalogFollower, startFollowing } from '../../adapters/postgres/catalog-follow-start';
import type { Dependencies } from '../dependencies';
import { jobHref } from '../../domain/hrefs';
import { defineRoute, type Route } from '../route';
import { startedJobSchema } from './connections/schema';

/** The route by which an admin has what follows the catalog brought in step with it; `verify` throws where it is away. */
export function followRoute(
  type: CatalogFollower,
  {
    path,
    summary,
    tags,
    verify = async () => undefined,
  }: { path: string; summary: string; tags: [string, ...string[]]; verify?: (deps: Dependencies) => Promise<unknown> },
): Route {
  return defineRoute({
    method: 'post',
    path,
    summary,
    description:
      'By what changed, or with `full` by writing everything anew and taking out what is gone. It waits for one that is under way.',
    tags,
    permission: 'admin',
    body: z.object({ full: z.boolean().default(false) }).default({ full: false }),
    responses: { 202: startedJobSchema },
    idempotent: true,
    handler: async ({ user, body: { full }, em, ctx, deps }) => {
      await verify(deps);
      const { requestId } = ctx.state;
      const { jobId, outboxId } = await em.transactional((tx) =>
        startFollowing(tx, type, { userId: user.userId, full, requestId }),
      );
      if (outboxId) await deps.dispatcher.tryStart(outboxId);
      return { status: 202, body: { jobId }, headers: { Location: jobHref(jobId) } };
    },
  });
}
