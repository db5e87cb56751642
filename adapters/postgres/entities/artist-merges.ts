import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { MergeBand, MergeEvidence, MergeState } from '../../../domain/artist-merges';
import { Artist } from './catalog';
import { codes, madeAt, moment } from './columns';
import { User } from './people';

/** Two artists that may be one, what speaks for it, and what came of it; once for each pair. */
export const ArtistMerge = defineEntity({
  name: 'ArtistMerge',
  tableName: 'artist_merges',
  properties: {
    id: p.uuid().primary(),
    /** The pair, in the order of their ids; an artist who was merged has no row of their own any more. */
    artistId: p.uuid(),
    otherId: p.uuid().index(),
    /** Who is kept and who is merged; as it was done, where it was, and as it would be. */
    keptId: p.uuid().index(),
    mergedId: p.uuid(),
    state: p.string().length(10).$type<MergeState>().default('pending'),
    band: p.string().length(10).$type<MergeBand>(),
    score: p.double(),
    evidence: p.json<MergeEvidence>().defaultRaw("'[]'"),
    proposedAt: madeAt(),
    decidedAt: moment().nullable(),
  },
  uniques: [{ properties: ['artistId', 'otherId'] }],
  indexes: [
    { properties: ['state', 'id'] },
    {
      name: 'artist_merges_one_way',
      expression: `create unique index artist_merges_one_way on artist_merges (merged_id) where state = 'applied'`,
    },
  ],
});
export type ArtistMerge = InferEntity<typeof ArtistMerge>;

/** An artist who was merged, under the id that stays valid. */
export const FormerArtist = defineEntity({
  name: 'FormerArtist',
  tableName: 'former_artists',
  properties: {
    id: p.uuid().primary(),
    /** Whom it became, over all merges that stand. */
    artistId: p.manyToOne(Artist).mapToPk().fieldName('artist_id').deleteRule('restrict').index(),
    /** Its row in `artists`, as it was. */
    row: p.json<Record<string, unknown>>(),
    /** Columns that whom it became had empty, and shows this one's. */
    lends: codes(),
    mergedAt: madeAt(),
  },
});
export type FormerArtist = InferEntity<typeof FormerArtist>;

/** A row for which there is no room beside another one while two artists are one. */
export const ArtistMergeAside = defineEntity({
  name: 'ArtistMergeAside',
  tableName: 'artist_merge_asides',
  properties: {
    id: p.uuid().primary(),
    /** Whose decision it is; null for what belongs to the catalog. */
    userId: p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('cascade').nullable().index(),
    tableName: p.string().length(40),
    /** The artist that it was given for. */
    artistId: p.uuid(),
    row: p.json<Record<string, unknown>>(),
    setAsideAt: madeAt(),
  },
  indexes: [{ properties: ['artistId', 'tableName'] }],
});
export type ArtistMergeAside = InferEntity<typeof ArtistMergeAside>;
