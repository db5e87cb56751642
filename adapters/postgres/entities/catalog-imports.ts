import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { CatalogEntry } from '../../../domain/catalog-imports';
import { madeAt, moment } from './columns';
import { User } from './people';

/** A file of artists or recordings that somebody gave for everybody's catalog, and what came of it. */
export const CatalogImport = defineEntity({
  name: 'CatalogImport',
  tableName: 'catalog_imports',
  properties: {
    id: p.uuid().primary(),
    userId: p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('cascade').index(),
    jobId: p.uuid(),
    kind: p.string().length(20),
    source: p.string().length(40),
    status: p.string().length(20).default('running').index(),
    failureCode: p.string().length(60).nullable(),
    /** Rows of the file. */
    total: p.integer(),
    createdAt: madeAt(),
    finishedAt: moment().nullable(),
  },
});
export type CatalogImport = InferEntity<typeof CatalogImport>;

/** A row of such a file and what came of it. */
export const CatalogImportRow = defineEntity({
  name: 'CatalogImportRow',
  tableName: 'catalog_import_rows',
  properties: {
    importId: p.manyToOne(CatalogImport).mapToPk().primary().fieldName('import_id').deleteRule('cascade'),
    seq: p.integer().primary(),
    name: p.string().length(300).nullable(),
    /** What it says, until it is worked on. */
    entry: p.json<CatalogEntry>().nullable(),
    outcome: p.string().length(20).default('pending'),
    reason: p.string().length(40).nullable(),
    /** Artists that its ids mean, where those are several. */
    candidates: p.array().columnType('uuid[]').defaultRaw("'{}'"),
  },
  indexes: [{ properties: ['importId', 'outcome', 'seq'] }],
});
export type CatalogImportRow = InferEntity<typeof CatalogImportRow>;
