import type { z } from 'zod';
import type { ListVersionRow, VersionEntry } from '../../../adapters/postgres/list-versions';
import { type ListRow, seesAll } from '../../../adapters/postgres/lists';
import type { listSchema, listVersionSchema, versionEntrySchema } from './schema';

export function presentList(list: ListRow): z.input<typeof listSchema> {
  const { openFrom: _from, examined: _examined, inReview, ...shown } = list;
  return {
    ...shown,
    askedVisibility: seesAll(list) ? list.askedVisibility : null,
    ...(seesAll(list) ? { inReview } : {}),
    publishedAt: list.publishedAt?.toISOString() ?? null,
    restrictedUntil: list.restrictedUntil?.toISOString() ?? null,
    createdAt: list.createdAt.toISOString(),
    updatedAt: list.updatedAt.toISOString(),
  };
}

export function presentVersion(listId: string, version: ListVersionRow): z.input<typeof listVersionSchema> {
  return {
    ...version,
    listId,
    createdAt: version.createdAt.toISOString(),
    publishedAt: version.publishedAt?.toISOString() ?? null,
  };
}

export const presentEntry = (entry: VersionEntry): z.input<typeof versionEntrySchema> => ({
  ...entry,
  restrictedUntil: entry.restrictedUntil?.toISOString() ?? null,
});
