import { z } from 'zod';
import { journalAfter, type JournalLine, journalOf } from '../../../adapters/postgres/person-journal';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { providers } from '../../../domain/capabilities';
import { actionStatuses, runTypes } from '../../../domain/runs';
import { DomainError } from '../../../domain/errors';
import { decodeCursor, makePage, pageOf, pageQuery } from '../../paging';
import { defineRoute } from '../../route';
import { moment } from '../auth/schema';

const filters = {
  provider: z.enum(providers).optional(),
  status: z.enum(actionStatuses).optional(),
  from: z.iso.date().optional().meta({ description: 'Settled on this day or later, by UTC.' }),
  to: z.iso.date().optional().meta({ description: 'Settled on this day or earlier, by UTC.' }),
};
const actionsQuery = pageQuery.extend(filters);

export const journalLineSchema = z
  .object({
    id: z.uuid(),
    runId: z.uuid(),
    runType: z.enum(runTypes),
    provider: z.enum(providers),
    actionType: z.string(),
    itemType: z.string(),
    name: z.string(),
    uri: z.string(),
    playlistId: z.string().nullable(),
    status: z.enum(actionStatuses),
    outcomeCode: z.string().nullable(),
    losses: z.array(z.string()),
    approximate: z.boolean(),
    seconds: z.int().nullable().meta({
      description: 'Playing time, once for each place; of an album that of its known tracks. Null where unknown.',
    }),
    settledAt: moment.nullable(),
    undoneAt: moment.nullable(),
  })
  .meta({ id: 'JournalLine' });

type JournalLineShown = z.input<typeof journalLineSchema>;

const presentLine = ({ seq: _seq, durationMs, settledAt, undoneAt, ...line }: JournalLine): JournalLineShown => ({
  ...line,
  seconds: durationMs === null ? null : Math.round(durationMs / 1000),
  settledAt: settledAt?.toISOString() ?? null,
  undoneAt: undoneAt?.toISOString() ?? null,
});

const place = z.object({ runId: z.uuid(), seq: z.int() });

type Filters = z.output<z.ZodObject<typeof filters>>;

function askedOf(userId: string, { provider, status, from, to }: Filters) {
  if (from !== undefined && to !== undefined && to < from)
    throw new DomainError('invalid_request', {
      errors: [{ path: 'query.to', code: 'before_from', message: 'Before `from`' }],
    });
  return {
    userId,
    provider: provider ?? null,
    status: status ?? null,
    settled: { from: from ?? null, to: to ?? null },
  };
}

export const actionsRoute = defineRoute({
  method: 'get',
  path: '/analytics/actions',
  summary: 'Your journal: every action of all your runs',
  description:
    'The newest run first, each in the order in which it went. `GET analytics/export?view=actions` gives it as a file.',
  tags: ['Analytics'],
  permission: 'signed_in',
  query: actionsQuery,
  responses: { 200: pageOf(journalLineSchema) },
  handler: async ({ user, query, em }) => {
    const after = decodeCursor(query.cursor, place);
    const lines = await journalAfter(em, { ...askedOf(user.userId, query), after, limit: query.limit + 1 });
    const body = makePage(lines, {
      limit: query.limit,
      present: presentLine,
      position: ({ runId, seq }) => ({ runId, seq }),
      first: after === null,
      emptyReason: 'nothing_matches',
    });
    return { status: 200, body };
  },
});

/** All of it that the query lets through, batch by batch. Throws for a query that asks for nothing. */
export function allActions(em: EntityManager, userId: string, query: unknown): AsyncIterable<JournalLineShown[]> {
  return presented(journalOf(em, askedOf(userId, z.object(filters).parse(query))));
}

async function* presented(batches: AsyncIterable<JournalLine[]>): AsyncGenerator<JournalLineShown[]> {
  for await (const lines of batches) yield lines.map(presentLine);
}
