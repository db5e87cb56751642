import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { moment } from './columns';

/** What a transaction touched of the catalog, for the readers to look at. Triggers write it. */
export const CatalogChange = defineEntity({
  name: 'CatalogChange',
  tableName: 'catalog_changes',
  properties: {
    kind: p.string().length(10).primary(),
    subjectId: p.uuid().primary(),
    /** The number of its transaction, which never comes again. */
    txid: p.string().columnType('xid8').defaultRaw('pg_current_xact_id()').primary(),
  },
});
export type CatalogChange = InferEntity<typeof CatalogChange>;

/** One row a reader: which changes are no longer kept for it, and which of its executions has its turn. */
export const CatalogFeed = defineEntity({
  name: 'CatalogFeed',
  tableName: 'catalog_feeds',
  properties: {
    reader: p.string().length(10).primary(),
    /** Tells this catalog from any other that the reader's copy may hold; made by its first turn. */
    catalogId: p.uuid().nullable(),
    forgotten: p.string().columnType('pg_snapshot').defaultRaw('pg_current_snapshot()'),
    /** What it has taken over, of a reader without a copy of its own that could say so; null before it has looked at everything once. */
    watermark: p.string().columnType('pg_snapshot').nullable(),
    /** What that reader is in the middle of taking over, and the place: what is looked at, and the last id of it. */
    lookingUntil: p.string().columnType('pg_snapshot').nullable(),
    look: p.string().length(10).nullable(),
    lookAfter: p.uuid().nullable(),
    holder: p.uuid().nullable(),
    heldUntil: moment().nullable(),
    /** When the counts of both sides were last compared by the clock. */
    comparedAt: moment().nullable(),
  },
});
export type CatalogFeed = InferEntity<typeof CatalogFeed>;
