/** A library as the sandbox’s admin routes give and take it. */
export interface SandboxLibrary {
  likes: { trackId: string; addedAt: string }[];
  albums: { albumId: string; addedAt: string }[];
  follows: string[];
  playlists: {
    id: string;
    name: string;
    ownerId: string;
    collaborative: boolean;
    items: { uri: string | null; addedAt: string; addedBy: string }[];
  }[];
}

/** The same of an Apple Music library. */
export interface SandboxAppleLibrary {
  songs: SandboxAppleSong[];
  albums: { id: string; catalogId: string | null; name: string; artistName: string; addedAt: string }[];
  artists: { id: string; catalogId: string | null; name: string }[];
  playlists: {
    id: string;
    name: string;
    description: string;
    canEdit: boolean;
    addedAt: string;
    items: SandboxAppleSong[];
  }[];
  ratings: { type: string; id: string; value: 1 | -1 }[];
}

export interface SandboxAppleSong {
  id: string;
  catalogId: string | null;
  name: string;
  artistName: string;
  albumName: string;
  addedAt: string;
}

export interface SandboxTrack {
  id: string;
  name: string;
  artists: { id: string; name: string }[];
  albumId: string;
  appleMusicId?: string;
}

export interface SandboxCall {
  service: string;
  method: string;
  route: string;
  status: number;
  count: number;
}

/** The sandbox's admin routes. */
export function sandboxAdmin(url: string) {
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${url}/admin/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text ? JSON.parse(text) : undefined) as T;
  };
  return {
    library: (user: string) => call<SandboxLibrary>('GET', `users/${user}/spotify/library`),
    setLibrary: (user: string, library: SandboxLibrary) =>
      call<unknown>('PUT', `users/${user}/spotify/library`, library),
    appleLibrary: (user: string) => call<SandboxAppleLibrary>('GET', `users/${user}/apple-music/library`),
    setAppleLibrary: (user: string, library: SandboxAppleLibrary) =>
      call<unknown>('PUT', `users/${user}/apple-music/library`, library),
    tracks: async (limit: number) =>
      (await call<{ items: SandboxTrack[] }>('GET', `catalog/tracks?limit=${limit}`)).items,
    calls: async () => (await call<{ items: SandboxCall[] }>('GET', 'calls')).items,
    forgetCalls: () => call<unknown>('DELETE', 'calls'),
    fault: (fault: Record<string, unknown>) => call<unknown>('POST', 'faults', fault),
    faults: async () => (await call<{ items: unknown[] }>('GET', 'faults')).items,
    clearFaults: () => call<unknown>('DELETE', 'faults'),
    secrets: async () => (await call<{ items: string[] }>('GET', 'secrets')).items,
    edit: (user: string, playlist: string, edit: Record<string, unknown>) =>
      call<unknown>('POST', `users/${user}/spotify/playlists/${playlist}/edit`, edit),
    setTrackAvailable: (trackId: string, available: boolean) =>
      call<unknown>('PUT', `catalog/tracks/${trackId}`, { available }),
    setSubscription: (user: string, active: boolean) =>
      call<unknown>('POST', `users/${user}/apple-music/subscription`, { active }),
    setSpotifyApp: (clientId: string, app: Record<string, unknown>) =>
      call<unknown>('PUT', `spotify/apps/${clientId}`, app),
    expireTokens: (user: string) => call<unknown>('POST', `users/${user}/spotify/expire-tokens`, {}),
    revoke: (user: string, service = 'spotify') => call<unknown>('POST', `users/${user}/${service}/revoke`, {}),
  };
}

/** What must be the same before and after: playlists in order and multiplicity, everything else as sets. */
export function shapeOf(library: SandboxLibrary) {
  return {
    likes: library.likes.map((like) => like.trackId).sort(),
    albums: library.albums.map((album) => album.albumId).sort(),
    follows: [...library.follows].sort(),
    playlists: Object.fromEntries(
      library.playlists.map((playlist) => [playlist.id, playlist.items.map((item) => item.uri)]),
    ),
  };
}
