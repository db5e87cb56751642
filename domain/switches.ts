/** What a plan looks at and how far it goes. */
export interface Switches {
  /** The first artist of a track, or an artist of its album. */
  primary: boolean;
  /** Any other credited artist. */
  featured: boolean;
  /** A saved album on which any known track matches. */
  wholeAlbums: boolean;
  /** Writers and producers, for the person's review. */
  credits: boolean;
  /** Names in titles, for the person's review. */
  mentions: boolean;
  /** Other people's collaborative playlists that the person may edit. */
  collaborativePlaylists: boolean;
  likedTracks: boolean;
  savedAlbums: boolean;
  followedArtists: boolean;
  /** Playlists of others that the person follows, for their review; at Spotify only. */
  followedPlaylists: boolean;
  playlistTracks: boolean;
  /** A private playlist of the likes that a run removes; at Spotify only. */
  removedLikesPlaylist: boolean;
}

export const presets = ['light', 'standard', 'thorough'] as const;
export type Preset = (typeof presets)[number];

const light: Switches = {
  primary: true,
  featured: false,
  wholeAlbums: false,
  credits: false,
  mentions: false,
  collaborativePlaylists: false,
  likedTracks: true,
  savedAlbums: true,
  followedArtists: true,
  followedPlaylists: false,
  playlistTracks: true,
  removedLikesPlaylist: false,
};

const switchesOfPreset: Readonly<Record<Preset, Switches>> = {
  light,
  standard: { ...light, featured: true },
  thorough: {
    ...light,
    featured: true,
    wholeAlbums: true,
    credits: true,
    mentions: true,
    followedPlaylists: true,
  },
};

/** A preset's switches with the person's own changes on top; an override left undefined changes nothing. */
export function switchesFor(preset: Preset, overrides: Partial<Switches> = {}): Switches {
  const set = Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
  return { ...switchesOfPreset[preset], ...set };
}
