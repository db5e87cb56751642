import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { Album, Artist } from './catalog';
import { givenArtist, madeAt } from './columns';

/** Another name of an artist, as an import gives it. */
export const ArtistAlias = defineEntity({
  name: 'ArtistAlias',
  tableName: 'artist_aliases',
  properties: {
    artistId: p.manyToOne(Artist).mapToPk().primary().fieldName('artist_id').deleteRule('cascade'),
    name: p.string().length(300).primary(),
    /** A language, as `ja` or `pt_BR`; empty where none is said. */
    locale: p.string().length(20).primary(),
    source: p.string().length(40).primary(),
    /** Of the name, as artists have them. */
    foldedName: p.text().index(),
    nameKey: p.text().index(),
    givenArtistId: givenArtist(),
  },
  indexes: [
    {
      name: 'artist_aliases_folded_name_trgm',
      expression: 'create index artist_aliases_folded_name_trgm on artist_aliases using gin (folded_name gin_trgm_ops)',
    },
  ],
});
export type ArtistAlias = InferEntity<typeof ArtistAlias>;

export const ArtistGenre = defineEntity({
  name: 'ArtistGenre',
  tableName: 'artist_genres',
  properties: {
    artistId: p.manyToOne(Artist).mapToPk().primary().fieldName('artist_id').deleteRule('cascade'),
    genre: p.string().length(100).primary(),
    source: p.string().length(40).primary(),
    givenArtistId: givenArtist(),
  },
});
export type ArtistGenre = InferEntity<typeof ArtistGenre>;

/** A recording as an import describes it, beside the tracks that providers list. */
export const Recording = defineEntity({
  name: 'Recording',
  tableName: 'recordings',
  properties: {
    id: p.uuid().primary(),
    source: p.string().length(40),
    sourceId: p.string().length(200),
    name: p.text(),
    durationMs: p.integer().nullable(),
    /** Of all that the import said, so that the same again is known for it. */
    digest: p.string().length(64),
    createdAt: madeAt(),
  },
  uniques: [{ properties: ['source', 'sourceId'] }],
});
export type Recording = InferEntity<typeof Recording>;

/** What says that a track is this recording: an ISRC, or the URI that a provider lists it under. */
export const RecordingLink = defineEntity({
  name: 'RecordingLink',
  tableName: 'recording_links',
  properties: {
    recordingId: p.manyToOne(Recording).mapToPk().primary().fieldName('recording_id').deleteRule('cascade'),
    kind: p.string().length(10).primary(),
    value: p.string().length(200).primary(),
  },
  indexes: [{ properties: ['kind', 'value'] }],
});
export type RecordingLink = InferEntity<typeof RecordingLink>;

/** Somebody who took part in a recording: as a provider or the source calls them, or by name alone. */
export const RecordingCredit = defineEntity({
  name: 'RecordingCredit',
  tableName: 'recording_credits',
  properties: {
    recordingId: p.manyToOne(Recording).mapToPk().primary().fieldName('recording_id').deleteRule('cascade'),
    seq: p.smallint().primary(),
    role: p.string().length(20),
    provider: p.string().length(20).nullable(),
    providerId: p.string().length(100).nullable(),
    name: p.text(),
    nameKey: p.text().index(),
  },
  indexes: [{ properties: ['provider', 'providerId'] }],
});
export type RecordingCredit = InferEntity<typeof RecordingCredit>;

/** A release that a recording is on. */
export const RecordingAlbum = defineEntity({
  name: 'RecordingAlbum',
  tableName: 'recording_albums',
  properties: {
    recordingId: p.manyToOne(Recording).mapToPk().primary().fieldName('recording_id').deleteRule('cascade'),
    albumId: p.manyToOne(Album).mapToPk().primary().fieldName('album_id').deleteRule('cascade').index(),
  },
});
export type RecordingAlbum = InferEntity<typeof RecordingAlbum>;
