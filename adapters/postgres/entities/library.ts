import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { Connection } from './connections';
import { madeAt, moment } from './columns';

/** What one complete look at a library found, visible only when `published`; or what a `file` holds, which nobody sees. */
export const LibraryGeneration = defineEntity({
  name: 'LibraryGeneration',
  tableName: 'library_generations',
  properties: {
    id: p.uuid().primary(),
    connectionId: p.manyToOne(Connection).mapToPk().fieldName('connection_id').deleteRule('cascade').index(),
    jobId: p.uuid().index(),
    status: p.string().length(20).default('building'),
    /** Where a resumed sync goes on. */
    cursor: p.json<Record<string, unknown>>().defaultRaw("'{}'"),
    counts: p.json<Record<string, number>>().defaultRaw("'{}'"),
    providerCalls: p.integer().default(0),
    /** True where every part was read to its end, not only probed. */
    complete: p.boolean().default(true),
    startedAt: madeAt(),
    publishedAt: moment().nullable(),
  },
});
export type LibraryGeneration = InferEntity<typeof LibraryGeneration>;

/** The entries of one part of a library, gzipped JSON, stored once however many generations share them. */
export const LibraryContent = defineEntity({
  name: 'LibraryContent',
  tableName: 'library_contents',
  properties: {
    id: p.uuid().primary(),
    connectionId: p.manyToOne(Connection).mapToPk().fieldName('connection_id').deleteRule('cascade'),
    kind: p.string().length(20),
    fingerprint: p.string().length(64),
    entries: p.blob(),
    length: p.integer(),
    /** Of likes and playlists, by the domain's track keys; empty for the other kinds. */
    trackKeys: p.blob(),
    createdAt: madeAt(),
  },
  uniques: [{ properties: ['connectionId', 'kind', 'fingerprint'] }],
});
export type LibraryContent = InferEntity<typeof LibraryContent>;

/** Likes, albums, follows, or one playlist, in one generation. */
export const LibraryPart = defineEntity({
  name: 'LibraryPart',
  tableName: 'library_parts',
  properties: {
    generationId: p.manyToOne(LibraryGeneration).mapToPk().primary().fieldName('generation_id').deleteRule('cascade'),
    kind: p.string().length(20).primary(),
    /** The playlist's id; empty for the other kinds. */
    providerId: p.string().length(100).primary(),
    position: p.integer().default(0),
    name: p.text().nullable(),
    ownerId: p.string().length(255).nullable(),
    collaborative: p.boolean().default(false),
    snapshotId: p.string().length(255).nullable(),
    /** Null where the contents may not be read (somebody else's playlist). */
    contentId: p.manyToOne(LibraryContent).mapToPk().fieldName('content_id').nullable().index(),
    length: p.integer().default(0),
  },
});
export type LibraryPart = InferEntity<typeof LibraryPart>;

/** Pages read so far of a part that is not complete. */
export const LibraryPage = defineEntity({
  name: 'LibraryPage',
  tableName: 'library_pages',
  properties: {
    generationId: p.manyToOne(LibraryGeneration).mapToPk().primary().fieldName('generation_id').deleteRule('cascade'),
    kind: p.string().length(20).primary(),
    providerId: p.string().length(100).primary(),
    page: p.integer().primary(),
    entries: p.json<unknown[]>(),
  },
});
export type LibraryPage = InferEntity<typeof LibraryPage>;

/** A playlist as a sequence with tombstones (see the domain's playlist sequence), gzipped JSON. */
export const PlaylistSequenceRow = defineEntity({
  name: 'PlaylistSequenceRow',
  tableName: 'playlist_sequences',
  properties: {
    connectionId: p.manyToOne(Connection).mapToPk().primary().fieldName('connection_id').deleteRule('cascade'),
    playlistId: p.string().length(100).primary(),
    snapshotId: p.string().length(255).nullable(),
    sequence: p.blob(),
    /** The write that was on its way when this row was saved; resolved by reading back. */
    pending: p.json<Record<string, unknown>>().nullable(),
    version: p.integer().default(1),
    updatedAt: madeAt(),
  },
});
export type PlaylistSequenceRow = InferEntity<typeof PlaylistSequenceRow>;
