import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { madeAt, moment } from './columns';
import { User } from './people';

/** One file with everything that a person has here. Its row outlives its bytes, so that it is known to have been there. */
export const AccountExport = defineEntity({
  name: 'AccountExport',
  tableName: 'account_exports',
  properties: {
    id: p.uuid().primary(),
    userId: p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('cascade').index(),
    jobId: p.uuid(),
    status: p.string().length(20).default('preparing'),
    /** Bytes of the file; null until it is made. */
    size: p.integer().nullable(),
    failureCode: p.string().length(60).nullable(),
    createdAt: madeAt(),
    readyAt: moment().nullable(),
    /** From when on the file is gone; null until it is made. */
    expiresAt: moment().nullable().index(),
  },
});
export type AccountExport = InferEntity<typeof AccountExport>;

/** A piece of the file, in order; together they are one gzip stream. */
export const AccountExportChunk = defineEntity({
  name: 'AccountExportChunk',
  tableName: 'account_export_chunks',
  properties: {
    exportId: p.manyToOne(AccountExport).mapToPk().primary().fieldName('export_id').deleteRule('cascade'),
    seq: p.integer().primary(),
    bytes: p.blob(),
  },
});
export type AccountExportChunk = InferEntity<typeof AccountExportChunk>;
