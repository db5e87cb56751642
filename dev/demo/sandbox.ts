import type { Fetch } from './browser';
import { DemoFailure } from './demo-failure';

/** A Spotify library as it really is at the sandbox. */
export interface SandboxLibrary {
  /** Newest first. */
  likes: { trackId: string; addedAt: string }[];
  albums: { albumId: string; addedAt: string }[];
  follows: string[];
  playlists: SandboxPlaylist[];
}

export interface SandboxPlaylist {
  id: string;
  name: string;
  ownerId: string;
  collaborative: boolean;
  items: { uri: string | null; addedAt: string; addedBy: string }[];
}

export interface CatalogTrack {
  id: string;
  name: string;
  artists: { id: string; name: string }[];
  albumId: string;
}

/** An Apple Music library as it really is at the sandbox, as far as the demo looks at it. */
export interface SandboxAppleLibrary {
  songs: { id: string }[];
  albums: { id: string }[];
  playlists: { id: string; name: string; items: { catalogId: string | null; id: string; name: string }[] }[];
  /** `type` is `songs`, `albums`, or one of those with `library-` before it. */
  ratings: { type: string; id: string; value: 1 | -1 }[];
}

/** What shall go wrong; see the sandbox's `POST /admin/faults`. */
export interface Fault {
  service: 'spotify';
  method: string;
  route: string;
  times: number;
  skip?: number;
  status?: number;
  retryAfter?: number;
  delayMs?: number;
  dropAnswer?: boolean;
}

export interface CallCount {
  service: string;
  method: string;
  route: string;
  /** 0 where the caller got no answer. */
  status: number;
  count: number;
}

/** The sandbox's admin routes. */
export class Sandbox {
  readonly #fetch: Fetch;
  readonly #url: string;

  constructor(fetchOne: Fetch, url: string) {
    this.#fetch = fetchOne;
    this.#url = url;
  }

  library(user: string): Promise<SandboxLibrary> {
    return this.#call('GET', `users/${user}/spotify/library`);
  }

  /** Puts a library in the place of a person's. */
  setLibrary(user: string, library: SandboxLibrary): Promise<unknown> {
    return this.#call('PUT', `users/${user}/spotify/library`, library);
  }

  /** Tracks of the catalog by words of their titles and artists. */
  async tracks(query: string): Promise<CatalogTrack[]> {
    const path = `catalog/tracks?query=${encodeURIComponent(query)}&limit=100`;
    return (await this.#call<{ items: CatalogTrack[] }>('GET', path)).items;
  }

  appleLibrary(user: string): Promise<SandboxAppleLibrary> {
    return this.#call('GET', `users/${user}/apple-music/library`);
  }

  /** Deletes a playlist as its person would in the Music app. */
  deleteApplePlaylist(user: string, playlistId: string): Promise<unknown> {
    return this.#call('DELETE', `users/${user}/apple-music/playlists/${playlistId}`);
  }

  async users(): Promise<{ id: string }[]> {
    return (await this.#call<{ items: { id: string }[] }>('GET', 'users')).items;
  }

  editPlaylist(user: string, playlistId: string, edit: Record<string, unknown>): Promise<unknown> {
    return this.#call('POST', `users/${user}/spotify/playlists/${playlistId}/edit`, edit);
  }

  addFault(fault: Fault): Promise<unknown> {
    return this.#call('POST', 'faults', fault);
  }

  async faults(): Promise<Fault[]> {
    return (await this.#call<{ items: Fault[] }>('GET', 'faults')).items;
  }

  /** Takes the given faults away, used up or not, and leaves those that somebody else ordered. */
  async removeFaults(own: readonly Fault[]): Promise<void> {
    const orders = own.map(order);
    const present = await this.faults();
    const others = present.filter((fault) => !orders.includes(order(fault)));
    if (others.length === present.length) return;
    await this.#call('DELETE', 'faults');
    for (const fault of others) await this.addFault(fault);
  }

  async isPending(fault: Fault): Promise<boolean> {
    return (await this.faults()).some((other) => order(other) === order(fault));
  }

  /** Calls so far of one method and route, by the answer's status. */
  async calls(method: string, route: string): Promise<Map<number, number>> {
    const { items } = await this.#call<{ items: CallCount[] }>('GET', 'calls');
    const own = items.filter((call) => call.service === 'spotify' && call.method === method && call.route === route);
    return new Map(own.map(({ status, count }) => [status, count]));
  }

  async #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.#fetch(new URL(`/admin/${path}`, this.#url), {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new DemoFailure(`The sandbox refused ${method} /admin/${path}: ${response.status} ${text}`);
    return (text ? JSON.parse(text) : undefined) as T;
  }
}

/** What was ordered, without the turns that are left of it. */
function order({ times: _times, skip: _skip, ...fault }: Fault): string {
  return JSON.stringify(Object.entries(fault).sort(([one], [other]) => (one < other ? -1 : 1)));
}
