import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { moment } from './columns';

/** A transaction's number, which never comes again. */
const transaction = () => p.string().columnType('xid8').defaultRaw('pg_current_xact_id()');

/** What a transaction touched of the catalog, for the readers to look at. Triggers write it. */
export const CatalogChange = defineEntity({
  name: 'CatalogChange',
  tableName: 'catalog_changes',
  properties: {
    txid: transaction().primary(),
    kind: p.string().length(10).primary(),
    subjectId: p.uuid().primary(),
  },
});
export type CatalogChange = InferEntity<typeof CatalogChange>;

/** One row a reader: from where on changes are kept for it, and which of its executions has its turn. */
export const CatalogFeed = defineEntity({
  name: 'CatalogFeed',
  tableName: 'catalog_feeds',
  properties: {
    reader: p.string().length(10).primary(),
    /** Tells this catalog from any other that the reader's copy may hold; made by its first turn. */
    catalogId: p.uuid().nullable(),
    floor: transaction(),
    holder: p.uuid().nullable(),
    heldUntil: moment().nullable(),
    /** When the counts of both sides were last compared by the clock. */
    comparedAt: moment().nullable(),
  },
});
export type CatalogFeed = InferEntity<typeof CatalogFeed>;
