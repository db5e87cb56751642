import type { z } from 'zod';
import { decideMatch, listMatches, type StoredMatch } from '../../../adapters/postgres/match-decisions';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { sourcedRecordings } from '../../../adapters/postgres/sourced-recordings';
import { DomainError } from '../../../domain/errors';
import { isInEffect, type MatchDecision } from '../../../domain/recording-matches';
import { decodeCursor, idPosition, makePage, pageOf } from '../../paging';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { recordingMatchesQuery, recordingMatchSchema } from './matches-schema';

const list = defineRoute({
  method: 'get',
  path: '/recording-matches',
  summary: 'Recordings that several sources have, or may have',
  description: 'Newest first; `?state=pending` is the queue of those that wait for a moderator.',
  tags: ['Artists'],
  permission: 'staff',
  query: recordingMatchesQuery,
  responses: { 200: pageOf(recordingMatchSchema) },
  handler: async ({ query: { state = null, means = null, of = null, cursor, limit }, em }) => {
    const after = decodeCursor(cursor, idPosition);
    const rows = await listMatches(em, { state, means, of, limit: limit + 1, after: after?.id ?? null });
    const page = makePage(rows, {
      limit,
      present: (row) => row,
      position: ({ id }) => ({ id }),
      first: !after,
      emptyReason: state === null && means === null && of === null ? 'no_matches' : 'nothing_matches',
    });
    return { status: 200, body: { ...page, items: await presentMatches(em, page.items) } };
  },
});

const words: Readonly<Record<MatchDecision, { summary: string; description: string }>> = {
  approve: {
    summary: 'Take two recordings for one',
    description:
      'Who wrote and produced the one counts for the other, and the graph counts them once. Plans that look at credits turn `stale` where that concerns them.',
  },
  reject: {
    summary: 'Keep two recordings apart',
    description:
      'Also where they share an ISRC or an address: credits then count for each alone. They are not proposed again. Plans that look at credits turn `stale` where that concerns them.',
  },
  undo: {
    summary: 'Take back what was decided about two recordings',
    description: 'The machine’s view counts again: in effect where it was sure, else waiting for a person.',
  },
};

const decide = (decision: MatchDecision) =>
  defineRoute({
    method: 'post',
    path: `/recording-matches/{id}/${decision}`,
    ...words[decision],
    tags: ['Artists'],
    permission: 'moderator',
    params: idParams,
    responses: { 200: recordingMatchSchema },
    handler: async ({ user, params: { id }, em, ctx }) => {
      const { requestId } = ctx.state;
      const done = await em.transactional((tx) =>
        decideMatch(tx, { matchId: id, decision, actorId: user.userId, requestId }),
      );
      if (!done) throw new DomainError('not_found');
      return { status: 200, body: (await presentMatches(em, [done]))[0]! };
    },
  });

async function presentMatches(
  em: EntityManager,
  matches: readonly StoredMatch[],
): Promise<z.input<typeof recordingMatchSchema>[]> {
  const sides = await sourcedRecordings(em, [...new Set(matches.flatMap(({ oneId, otherId }) => [oneId, otherId]))]);
  return matches.map(({ oneId, otherId, ...match }) => ({
    ...match,
    evidence: [...match.evidence],
    inEffect: isInEffect(match.state, match.means),
    recordings: [oneId, otherId].flatMap((id) => {
      const side = sides.get(id);
      return side
        ? [
            {
              ...side,
              performers: [...side.performers],
              albums: [...side.albums],
              isrcs: [...side.isrcs],
              addresses: [...side.addresses],
            },
          ]
        : [];
    }),
    proposedAt: match.proposedAt.toISOString(),
    decidedAt: match.decidedAt?.toISOString() ?? null,
  }));
}

export const recordingMatchRoutes = [list, decide('approve'), decide('reject'), decide('undo')];
