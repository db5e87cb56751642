import { z } from 'zod';
import { audit } from '../../../adapters/postgres/audit';
import { currentArtistId } from '../../../adapters/postgres/current-artists';
import {
  deleteException,
  exceptionSubjects,
  type ExceptionSubject,
  listExceptions,
  saveException,
} from '../../../adapters/postgres/exceptions';
import { markPlansOnStale, markPlansStale } from '../../../adapters/postgres/plans';
import { DomainError } from '../../../domain/errors';
import { decodeCursor, idPosition, makePage, pageOf, pageQuery } from '../../paging';
import { defineRoute } from '../../route';
import { moment } from '../auth/schema';

const exceptionSchema = z
  .object({
    subjectType: z.enum(exceptionSubjects),
    subjectId: z.uuid(),
    name: z.string(),
    createdAt: moment,
  })
  .meta({ id: 'Exception' });

const list = defineRoute({
  method: 'get',
  path: '/exceptions',
  summary: 'What you keep although something blocks it',
  description: 'Newest first.',
  tags: ['Blocks'],
  permission: 'user',
  query: pageQuery.extend({ subjectType: z.enum(exceptionSubjects).optional() }),
  responses: { 200: pageOf(exceptionSchema) },
  handler: async ({ user, query, em }) => {
    const after = decodeCursor(query.cursor, idPosition);
    const rows = await listExceptions(em, {
      userId: user.userId,
      subjectType: query.subjectType ?? null,
      limit: query.limit + 1,
      after: after?.id ?? null,
    });
    const body = makePage(rows, {
      limit: query.limit,
      present: ({ subjectType, subjectId, name, createdAt }) => ({
        subjectType,
        subjectId,
        name,
        createdAt: createdAt.toISOString(),
      }),
      position: ({ id }) => ({ id }),
      first: !after,
      emptyReason: query.subjectType === undefined ? 'no_exceptions' : 'nothing_matches',
    });
    return { status: 200, body };
  },
});

/** As it stands in paths, by kind. */
const segments: Readonly<Record<ExceptionSubject, string>> = { artist: 'artists', track: 'tracks', album: 'albums' };
const phrases: Readonly<Record<ExceptionSubject, string>> = {
  artist: 'an artist',
  track: 'a track',
  album: 'an album',
};
const described: Readonly<Record<ExceptionSubject, string>> = {
  artist: 'Lists and categories no longer keep the artist out. Between your own block and this, the later one holds.',
  track: 'Keep this song, whoever is on it.',
  album: 'Keep this album and its songs, whoever is on it.',
};

function exceptionRoutesOf(subjectType: ExceptionSubject) {
  const path = `/exceptions/${segments[subjectType]}/{id}`;
  const params = z.object({ id: z.uuid() });
  const save = defineRoute({
    method: 'put',
    path,
    summary: `Keep ${phrases[subjectType]}`,
    description: `${described[subjectType]} Plans that would take it out turn \`stale\`.`,
    tags: ['Blocks'],
    permission: 'user',
    params,
    responses: { 204: null },
    handler: async ({ user, params: { id }, em, ctx }) => {
      const { userId } = user;
      await em.transactional(async (tx) => {
        if (!(await saveException(tx, { userId, subjectType, subjectId: id }))) throw new DomainError('not_found');
        if (subjectType === 'artist') await markPlansStale(tx, userId, await currentArtistId(tx, id), 'exception_made');
        else await markPlansOnStale(tx, userId, { subjectType, subjectId: id }, 'exception_made');
        audit(tx, {
          actorId: userId,
          event: 'exception.made',
          outcome: 'done',
          subjectType,
          subjectId: id,
          requestId: ctx.state.requestId,
        });
      });
      return { status: 204 };
    },
  });
  const remove = defineRoute({
    method: 'delete',
    path,
    summary: `No longer keep ${phrases[subjectType]}`,
    description: 'What blocks it counts again, from the next plan on.',
    tags: ['Blocks'],
    permission: 'user',
    params,
    responses: { 204: null },
    handler: async ({ user, params: { id }, em, ctx }) => {
      const { userId } = user;
      await em.transactional(async (tx) => {
        if (!(await deleteException(tx, { userId, subjectType, subjectId: id }))) throw new DomainError('not_found');
        audit(tx, {
          actorId: userId,
          event: 'exception.withdrawn',
          outcome: 'done',
          subjectType,
          subjectId: id,
          requestId: ctx.state.requestId,
        });
      });
      return { status: 204 };
    },
  });
  return [save, remove];
}

export const exceptionRoutes = [list, ...exceptionSubjects.flatMap(exceptionRoutesOf)];
