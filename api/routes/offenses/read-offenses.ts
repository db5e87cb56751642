import { currentArtistId } from '../../../adapters/postgres/current-artists';
import {
  countByCategory,
  evidenceOf,
  findOffense,
  listOffenses,
  type OffenseReader,
} from '../../../adapters/postgres/offense-reads';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { DomainError } from '../../../domain/errors';
import { offenseCategories, offenseCategoryCodes, verifiedMeaning } from '../../../domain/offenses';
import { decodeCursor, idPosition, makePage, pageOf } from '../../paging';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { presentEvidence, presentOffense, readerOf } from './presenters';
import { requireOffenses } from './require-offenses';
import { categoriesSchema, offenseSchema, offensesQuery, offenseWithEvidenceSchema } from './schema';

const categories = defineRoute({
  method: 'get',
  path: '/offense-categories',
  summary: 'What artists can be kept out for as a category',
  description: `The one list of categories, in the order in which they are tried, with how many entries count now. ${verifiedMeaning}`,
  tags: ['Offenses'],
  permission: 'user',
  responses: { 200: categoriesSchema },
  handler: async ({ em }) => {
    await requireOffenses(em);
    const counts = await countByCategory(em);
    const items = offenseCategoryCodes.map((code) => ({
      code,
      ...offenseCategories[code],
      ...(counts.get(code) ?? { verified: 0, contested: 0 }),
    }));
    return { status: 200, body: { items, nextCursor: null } };
  },
});

const list = defineRoute({
  method: 'get',
  path: '/offenses',
  summary: 'What sources report of artists',
  description: `Newest first. Everybody sees what is \`sources_verified\` or \`contested\`; what waits or was rejected only who submitted it, and staff. ${verifiedMeaning}`,
  tags: ['Offenses'],
  permission: 'user',
  query: offensesQuery,
  responses: { 200: pageOf(offenseSchema) },
  handler: async ({ user, query: { artist, category, status, mine, limit, cursor }, em }) => {
    await requireOffenses(em);
    const reader = readerOf(user);
    const after = decodeCursor(cursor, idPosition);
    const rows = await listOffenses(em, reader, {
      artistId: artist === undefined ? null : await currentArtistId(em, artist),
      category: category ?? null,
      status: status ?? null,
      mine,
      limit: limit + 1,
      after: after?.id ?? null,
    });
    const filtered = [artist, category, status].some((filter) => filter !== undefined);
    const page = makePage(rows, {
      limit,
      present: (offense) => presentOffense(offense, reader),
      position: ({ id }) => ({ id }),
      first: !after,
      emptyReason: filtered ? 'nothing_matches' : mine ? 'nothing_submitted' : 'no_offenses',
    });
    return { status: 200, body: page };
  },
});

const read = defineRoute({
  method: 'get',
  path: '/offenses/{id}',
  summary: 'One entry with its sources',
  description: `What nobody but its submitter and staff may see is a 404 for everybody else. ${verifiedMeaning}`,
  tags: ['Offenses'],
  permission: 'user',
  params: idParams,
  responses: { 200: offenseWithEvidenceSchema },
  handler: async ({ user, params: { id }, em }) => {
    await requireOffenses(em);
    return { status: 200, body: await describeOffense(em, readerOf(user), id) };
  },
});

/** Throws DomainError `not_found`. */
export async function describeOffense(em: EntityManager, reader: OffenseReader, id: string) {
  const offense = await findOffense(em, reader, id);
  if (!offense) throw new DomainError('not_found');
  const evidence = await evidenceOf(em, reader, id);
  return { ...presentOffense(offense, reader), evidence: evidence.map((one) => presentEvidence(one, reader)) };
}

export const offenseReadRoutes = [categories, list, read];
