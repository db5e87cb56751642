import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { ExpiryChoice } from '../../../domain/block-expiry';
import type { FileProvider } from '../../../domain/block-file';
import { Artist } from './catalog';
import { codes, givenArtist, madeAt, moment } from './columns';
import { User } from './people';

/** A file of blocks that a person gave, and what came of it. */
export const BlockImport = defineEntity({
  name: 'BlockImport',
  tableName: 'block_imports',
  properties: {
    id: p.uuid().primary(),
    userId: p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('cascade').index(),
    jobId: p.uuid(),
    mode: p.string().length(10),
    /** Whether nothing is changed, only told. */
    dryRun: p.boolean(),
    /** Whether blocks that are not in the file may go although some of its rows could not be read. */
    confirmed: p.boolean(),
    status: p.string().length(20).default('running'),
    failureCode: p.string().length(60).nullable(),
    /** Rows of the file. */
    total: p.integer(),
    createdAt: madeAt(),
    finishedAt: moment().nullable(),
  },
});
export type BlockImport = InferEntity<typeof BlockImport>;

/** A row of such a file as it was read, whom it means, and what came of it; behind those of the file, the blocks that were not in it. */
export const BlockImportRow = defineEntity({
  name: 'BlockImportRow',
  tableName: 'block_import_rows',
  properties: {
    importId: p.manyToOne(BlockImport).mapToPk().primary().fieldName('import_id').deleteRule('cascade'),
    seq: p.integer().primary(),
    name: p.text().nullable(),
    /** As given, whether or not we have it. */
    givenId: p.uuid().nullable(),
    providerIds: p.json<Partial<Record<FileProvider, string[]>>>().defaultRaw("'{}'"),
    note: p.text().nullable(),
    tags: codes(),
    expiresAt: moment().nullable(),
    onExpiry: p.string().length(10).$type<ExpiryChoice>().default('keep'),
    artistId: p.manyToOne(Artist).mapToPk().fieldName('artist_id').deleteRule('set null').nullable().index(),
    outcome: p.string().length(20).default('pending'),
    reason: p.string().length(40).nullable(),
    /** Whom it meant when it was settled, where that one has been merged into `artistId`. */
    givenArtistId: givenArtist(),
    /** Artists whom a doubtful row may mean. */
    candidates: p.array().columnType('uuid[]').defaultRaw("'{}'"),
  },
  indexes: [{ properties: ['importId', 'outcome', 'seq'] }],
});
export type BlockImportRow = InferEntity<typeof BlockImportRow>;
