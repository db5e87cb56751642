import type { AppleAccounts } from './apple-music';

/** One entry of a playlist; `uri` is null where the track is no longer available. Times are RFC 3339, whole seconds. */
export interface PlaylistItem {
  uri: string | null;
  addedAt: string;
  addedBy: string;
}

/** A playlist; its version rises with every change and makes the snapshot id. */
export interface Playlist {
  id: string;
  name: string;
  ownerId: string;
  collaborative: boolean;
  public: boolean;
  description: string;
  version: number;
  items: readonly PlaylistItem[];
}

/** What one person keeps: likes newest first, playlists (own and followed) in the order they are listed. */
export interface Library {
  likes: readonly { trackId: string; addedAt: string }[];
  albums: readonly { albumId: string; addedAt: string }[];
  follows: readonly string[];
  playlistIds: readonly string[];
}

/** All libraries at one moment. Never changed in place, so that a moment can be kept by keeping the object. */
export interface Shelves {
  libraries: Readonly<Record<string, Library>>;
  playlists: Readonly<Record<string, Playlist>>;
}

export const signInServices = ['google', 'apple', 'github', 'spotify'] as const;
export type SignInService = (typeof signInServices)[number];

/** Services that give tokens: those with an authorization page of OAuth, and Apple Music, which has its own way. */
export const tokenServices = [...signInServices, 'apple-music'] as const;
export type TokenService = (typeof tokenServices)[number];

/** A consent given: what every code and token of it shares. */
export interface Grant {
  id: string;
  service: TokenService;
  clientId: string;
  userId: string;
  scopes: string[];
  consentedAt: number;
  revoked: boolean;
}

/** An authorization code; kept after its use so that a second use can be told. Times in ms since 1970. */
export interface Code {
  grantId: string;
  redirectUri: string;
  challenge: string | null;
  nonce: string | null;
  offline: boolean;
  expiresAt: number;
  used: boolean;
}

export interface Token {
  grantId: string;
  kind: 'access' | 'refresh';
  scopes: string[];
  expiresAt: number;
  revoked: boolean;
  /** How often a refresh token that was replaced still works; absent while it was not. */
  usesLeft?: number;
}

/** How an app is set up in Spotify's dashboard. */
export interface SpotifyApp {
  /** The developer account that it belongs to. */
  owner: string;
  /** Which calls it has; null as the sandbox was started. */
  dialect: 'development' | 'extended' | null;
  ownerHasPremium: boolean;
  /** Who may use it in development mode, five people at most; null lets everybody, so that nothing has to be set up. */
  registeredUsers: string[] | null;
  /** Whether a refresh gives a new refresh token; null does as the sandbox was started. */
  rotateRefreshTokens: boolean | null;
  /** How often a replaced refresh token still works. */
  oldTokenUses: number;
}

/** How many calls a developer account has in a window of time, over all of its apps. */
export interface SpotifyQuota {
  calls: number;
  windowSeconds: number;
}

/** Everything that outlives a restart. */
export interface SandboxState {
  shelves: Shelves;
  appleMusic: AppleAccounts;
  grants: Record<string, Grant>;
  codes: Record<string, Code>;
  tokens: Record<string, Token>;
  /** By client id; those that were never changed are left out. */
  spotifyApps: Record<string, SpotifyApp>;
  /** By developer account; one that is left out has no end. */
  spotifyQuotas: Record<string, SpotifyQuota>;
  secrets: string[];
  signingKey: { kid: string; privateJwk: Record<string, unknown>; publicJwk: Record<string, unknown> };
}
