import type { z } from 'zod';
import { decideMerge, listMerges, type StoredMerge } from '../../../adapters/postgres/artist-merges';
import { loadMergeSides } from '../../../adapters/postgres/merge-sides';
import type { EntityManager } from '../../../adapters/postgres/orm';
import type { MergeDecision } from '../../../domain/artist-merges';
import { DomainError } from '../../../domain/errors';
import { decodeCursor, idPosition, makePage, pageOf } from '../../paging';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { artistMergeSchema, artistMergesQuery } from './merges-schema';

const list = defineRoute({
  method: 'get',
  path: '/artist-merges',
  summary: 'Artists that may be one, or were made one',
  description: 'Newest first; `?state=pending` is the queue of those that wait for a moderator.',
  tags: ['Artists'],
  permission: 'staff',
  query: artistMergesQuery,
  responses: { 200: pageOf(artistMergeSchema) },
  handler: async ({ query: { state, cursor, limit }, em }) => {
    const after = decodeCursor(cursor, idPosition);
    const rows = await listMerges(em, { state: state ?? null, limit: limit + 1, after: after?.id ?? null });
    const page = makePage(rows, {
      limit,
      present: (row) => row,
      position: ({ id }) => ({ id }),
      first: !after,
      emptyReason: state === undefined ? 'no_merges' : 'nothing_matches',
    });
    return { status: 200, body: { ...page, items: await presentMerges(em, page.items) } };
  },
});

const words: Readonly<Record<MergeDecision, { summary: string; description: string }>> = {
  approve: {
    summary: 'Make two artists one',
    description:
      'Ids, aliases, genres, credits and everybody’s blocks and exceptions go to the one who is kept; the other one’s id goes on standing for it. Also of a pair that was rejected or undone. Plans of those who decided anything about either turn `stale` where the other can be met. `409 artist_merge_not_possible` with the reason where they have become one otherwise.',
  },
  reject: {
    summary: 'Keep two artists apart',
    description:
      'They, and whom they become, are not proposed as one again. `409 artist_merge_not_possible` once they are one: undo that.',
  },
  undo: {
    summary: 'Make two artists of one again',
    description:
      'Whatever was merged before or since: each gets back what was given for it, also since, and what was set aside; a block or an exception that its person took back or changed stays so. They are not proposed as one again. Plans of those who decided anything about either turn `stale`.',
  },
};

const decide = (decision: MergeDecision) =>
  defineRoute({
    method: 'post',
    path: `/artist-merges/{id}/${decision}`,
    ...words[decision],
    tags: ['Artists'],
    permission: 'moderator',
    params: idParams,
    responses: { 200: artistMergeSchema },
    handler: async ({ user, params: { id }, em, ctx }) => {
      const { requestId } = ctx.state;
      const done = await em.transactional((tx) =>
        decideMerge(tx, { mergeId: id, decision, actorId: user.userId, requestId }),
      );
      if (!done) throw new DomainError('not_found');
      if ('denied' in done) throw done.denied;
      return { status: 200, body: (await presentMerges(em, [done.merge]))[0]! };
    },
  });

async function presentMerges(
  em: EntityManager,
  merges: readonly StoredMerge[],
): Promise<z.input<typeof artistMergeSchema>[]> {
  const sides = await loadMergeSides(
    em,
    merges.flatMap(({ artistId, otherId }) => [artistId, otherId]),
  );
  return merges.map(({ id, state, band, score, evidence, artistId, otherId, keptId, mergedId, ...times }) => ({
    id,
    state,
    band,
    score,
    evidence: [...evidence],
    artists: [artistId, otherId].flatMap((side) => sides.get(side) ?? []),
    keptArtistId: keptId,
    mergedArtistId: mergedId,
    proposedAt: times.proposedAt.toISOString(),
    decidedAt: times.decidedAt?.toISOString() ?? null,
  }));
}

export const artistMergeRoutes = [list, decide('approve'), decide('reject'), decide('undo')];
