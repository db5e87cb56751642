import { z } from 'zod';
import { heldArtistIds } from '../../../adapters/postgres/current-artists';
import { listDifferences } from '../../../adapters/postgres/list-differences';
import { publishVersion } from '../../../adapters/postgres/list-publishing';
import { findVersion, listVersions, versionEntries } from '../../../adapters/postgres/list-versions';
import { DomainError } from '../../../domain/errors';
import { listVersionHref } from '../../../domain/hrefs';
import { decodeCursor, idPosition, makePage, pageOf, pageQuery } from '../../paging';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { presentEntry, presentVersion } from './presenters';
import { assertOwner, heldList, readableList } from './readable';
import { diffQuery, diffSchema, listVersionSchema, publishSchema, versionDetailSchema, versionParams } from './schema';

const publish = defineRoute({
  method: 'post',
  path: '/lists/{id}/versions',
  summary: 'Publish the next version of your list',
  description:
    'The whole list as it is to be; it counts at once and never changes again. What the rules flag on a list that others can read waits for a moderator first (`in_review`); publishing again meanwhile replaces that one, under the next number, and waits, too. `422 list_rules_broken` where the rules say no.',
  tags: ['Lists'],
  permission: 'user',
  params: idParams,
  body: publishSchema,
  responses: { 201: listVersionSchema },
  idempotent: true,
  handler: async ({ user: { userId }, params: { id }, body, em, ctx }) => {
    const { requestId } = ctx.state;
    const entries = body.entries.map(({ artistId, reason = null }) => ({ artistId, reason }));
    const number = await em.transactional(async (tx) => {
      const current = await heldArtistIds(
        tx,
        entries.map(({ artistId }) => artistId),
      );
      const list = await heldList(tx, id, userId);
      assertOwner(list);
      const { note = null, basedOn } = body;
      return publishVersion(tx, { list, publisherId: userId, entries, note, basedOn, requestId }, current);
    });
    const list = await readableList(em, id, userId);
    const version = await findVersion(em, list, number);
    if (!version) throw new DomainError('version_conflict', { params: { newestVersion: list.newestVersion } });
    return { status: 201, body: presentVersion(id, version), headers: { Location: listVersionHref(id, number) } };
  },
});

const numberPosition = z.object({ number: z.int() });

const versions = defineRoute({
  method: 'get',
  path: '/lists/{id}/versions',
  summary: 'The versions of a list',
  description:
    'Newest first. What waits or was rejected is shown to its owner and curators, and to staff where there is a case about it.',
  tags: ['Lists'],
  permission: 'user',
  params: idParams,
  query: pageQuery,
  responses: { 200: pageOf(listVersionSchema) },
  handler: async ({ user, params, query: { cursor, limit }, em }) => {
    const list = await readableList(em, params.id, user.userId, user.roles);
    const before = decodeCursor(cursor, numberPosition);
    const rows = await listVersions(em, list, { before: before?.number ?? null, limit: limit + 1 });
    const body = makePage(rows, {
      limit,
      present: (row) => presentVersion(list.id, row),
      position: ({ number }) => ({ number }),
      first: !before,
      emptyReason: 'no_versions',
    });
    return { status: 200, body };
  },
});

const version = defineRoute({
  method: 'get',
  path: '/lists/{id}/versions/{n}',
  summary: 'A version of a list, with its artists',
  description:
    'In the order in which they came to the list. Whom moderation took off since, or keeps from taking effect, is marked.',
  tags: ['Lists'],
  permission: 'user',
  params: versionParams,
  query: pageQuery,
  responses: { 200: versionDetailSchema },
  handler: async ({ user, params, query: { cursor, limit }, em }) => {
    const list = await readableList(em, params.id, user.userId, user.roles);
    const found = await findVersion(em, list, params.n);
    if (!found) throw new DomainError('not_found');
    const after = decodeCursor(cursor, idPosition);
    const rows = await versionEntries(em, found.id, { after: after?.id ?? null, limit: limit + 1 });
    const page = makePage(rows, {
      limit,
      present: presentEntry,
      position: ({ entryId }) => ({ id: entryId }),
      first: !after,
      emptyReason: 'no_entries',
    });
    return { status: 200, body: { version: presentVersion(list.id, found), ...page } };
  },
});

const offsetPosition = z.object({ offset: z.int().min(0) });

const diff = defineRoute({
  method: 'get',
  path: '/lists/{id}/diff',
  summary: 'What makes one version of a list another',
  description:
    'Who was added, who was removed, and whose reason is another. A first version differs from an empty list.',
  tags: ['Lists'],
  permission: 'user',
  params: idParams,
  query: diffQuery,
  responses: { 200: diffSchema },
  handler: async ({ user, params, query, em }) => {
    const list = await readableList(em, params.id, user.userId, user.roles);
    const { cursor, limit, from, to } = query;
    const at = decodeCursor(cursor, offsetPosition)?.offset ?? 0;
    const found = await listDifferences(em, list, { from: from ?? null, to: to ?? null, offset: at, limit: limit + 1 });
    if (!found) throw new DomainError('not_found');
    const page = makePage(
      found.items.map((item, n) => ({ ...item, offset: at + n + 1 })),
      {
        limit,
        present: ({ offset: _, ...item }) => item,
        position: ({ offset }) => ({ offset }),
        first: at === 0,
        emptyReason: 'no_differences',
      },
    );
    return { status: 200, body: { ...page, from: found.from, to: found.to, counts: found.counts } };
  },
});

export const listVersionRoutes = [publish, versions, version, diff];
