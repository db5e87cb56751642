import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { givenArtist, madeAt } from './columns';

/** An artist, whatever the providers call it. */
export const Artist = defineEntity({
  name: 'Artist',
  tableName: 'artists',
  properties: {
    id: p.uuid().primary(),
    name: p.text(),
    /** Lower case, without accents: what searches compare. */
    foldedName: p.text().index(),
    /** What two spellings of one name share, by `nameKey`. */
    nameKey: p.text().default('').index(),
    disambiguation: p.text().nullable(),
    imageUrl: p.text().nullable(),
    createdAt: madeAt(),
  },
  indexes: [
    {
      name: 'artists_folded_name_trgm',
      expression: 'create index artists_folded_name_trgm on artists using gin (folded_name gin_trgm_ops)',
    },
  ],
});
export type Artist = InferEntity<typeof Artist>;

/** How a provider names an artist. */
export const ArtistProviderId = defineEntity({
  name: 'ArtistProviderId',
  tableName: 'artist_provider_ids',
  properties: {
    provider: p.string().length(20).primary(),
    providerId: p.string().length(100).primary(),
    artistId: p.manyToOne(Artist).mapToPk().fieldName('artist_id').deleteRule('cascade').index(),
    givenArtistId: givenArtist(),
  },
});
export type ArtistProviderId = InferEntity<typeof ArtistProviderId>;

export const Album = defineEntity({
  name: 'Album',
  tableName: 'albums',
  properties: {
    id: p.uuid().primary(),
    uri: p.string().length(200).unique(),
    name: p.text(),
    imageUrl: p.text().nullable(),
    releaseDate: p.string().length(10).nullable(),
    createdAt: madeAt(),
  },
});
export type Album = InferEntity<typeof Album>;

export const AlbumArtist = defineEntity({
  name: 'AlbumArtist',
  tableName: 'album_artists',
  properties: {
    albumId: p.manyToOne(Album).mapToPk().primary().fieldName('album_id').deleteRule('cascade'),
    position: p.smallint().primary(),
    artistId: p.manyToOne(Artist).mapToPk().fieldName('artist_id').deleteRule('cascade').index(),
    givenArtistId: givenArtist(),
  },
});
export type AlbumArtist = InferEntity<typeof AlbumArtist>;

/** A recording as one provider lists it; stored once, however many libraries hold it. */
export const Track = defineEntity({
  name: 'Track',
  tableName: 'tracks',
  properties: {
    id: p.uuid().primary(),
    uri: p.string().length(200).unique(),
    name: p.text(),
    albumId: p.manyToOne(Album).mapToPk().fieldName('album_id').deleteRule('set null').nullable().index(),
    durationMs: p.integer().nullable(),
    isrc: p.string().length(20).nullable(),
    createdAt: madeAt(),
  },
  indexes: [
    {
      name: 'tracks_plain_isrc',
      expression: "create index tracks_plain_isrc on tracks (upper(replace(isrc, '-', '')))",
    },
  ],
});
export type Track = InferEntity<typeof Track>;

/** Credited artists in the provider's order: position 0 is the primary one. */
export const TrackArtist = defineEntity({
  name: 'TrackArtist',
  tableName: 'track_artists',
  properties: {
    trackId: p.manyToOne(Track).mapToPk().primary().fieldName('track_id').deleteRule('cascade'),
    position: p.smallint().primary(),
    artistId: p.manyToOne(Artist).mapToPk().fieldName('artist_id').deleteRule('cascade').index(),
    givenArtistId: givenArtist(),
  },
});
export type TrackArtist = InferEntity<typeof TrackArtist>;
