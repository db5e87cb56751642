import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { madeAt, moment } from './columns';
import { User } from './people';

/** An app that a person registered at a provider for themselves. It is a public client: there is no secret. */
export const ProviderApp = defineEntity({
  name: 'ProviderApp',
  tableName: 'provider_apps',
  properties: {
    id: p.uuid().primary(),
    userId: p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('cascade'),
    provider: p.string().length(20),
    clientId: p.string().length(64).index(),
    createdAt: madeAt(),
    /** When its person replaced or removed it; it is kept while tokens that it was given are in use. */
    retiredAt: moment().nullable(),
  },
  uniques: [{ properties: ['userId', 'provider', 'clientId'] }],
});
export type ProviderApp = InferEntity<typeof ProviderApp>;

/** What calls have shown of a Spotify app, where that differs from its configuration at that time. Forgotten after a month. */
export const SpotifyAppFinding = defineEntity({
  name: 'SpotifyAppFinding',
  tableName: 'spotify_app_findings',
  properties: {
    clientId: p.string().length(255).primary(),
    /** The dialect that it was configured with then. */
    configured: p.string().length(12),
    dialect: p.string().length(12).nullable(),
    dialectFoundAt: moment().nullable(),
    /** When Spotify refused to unfollow artists through it. */
    artistsRefusedAt: moment().nullable(),
  },
});
export type SpotifyAppFinding = InferEntity<typeof SpotifyAppFinding>;
