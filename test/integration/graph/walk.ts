import { loadCatalog } from '../../../dev/sandbox/catalog/catalog';
import { together } from '../../../domain/graph-proximity';
import { ExpectedGraph } from './expected-graph';
import { GraphStage } from './stage';

interface Named {
  id: string;
  name: string;
}
interface Collaborator {
  artist: Named;
  tracks: number;
  firstYear: number | null;
  lastYear: number | null;
  roles: { ledByArtist: number; ledByCollaborator: number; bothGuests: number };
}

/** A system over a catalog of the sandbox's, of which one person's library has every track, with index and graph in step. */
export class Walk {
  /** Ids of the catalog by the provider's, and the other way round. */
  readonly #ids = new Map<string, string>();
  readonly #providers = new Map<string, string>();
  #admin = '';

  private constructor(
    readonly stage: GraphStage,
    readonly expected: ExpectedGraph,
  ) {}

  static async over(catalogPath: string): Promise<Walk> {
    const stage = await GraphStage.set({ catalogPath });
    const walk = new Walk(stage, new ExpectedGraph(loadCatalog(catalogPath)));
    try {
      await walk.#take();
      return walk;
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  async #take(): Promise<void> {
    const { system, api } = this.stage;
    await system.startWorkers();
    const person = await system.connect('listener');
    const begun = Date.parse('2026-01-01T00:00:00Z');
    const likes = [...this.expected.catalog.tracks.keys()].map((trackId, n) => ({
      trackId,
      addedAt: new Date(begun - n * 60_000).toISOString(),
    }));
    await system.admin.setLibrary('listener', { likes, albums: [], follows: [], playlists: [] });
    await person.sync();
    this.#admin = (await api.person({ roles: ['admin'], scopes: ['read', 'admin'] })).token;
    await this.#follow('artist-index');
    await this.#follow('graph/sync');
    for (const row of await this.stage.em.execute<{ provider_id: string; artist_id: string }[]>(
      `select provider_id, artist_id from artist_provider_ids where provider = 'spotify'`,
    )) {
      this.#ids.set(row.provider_id, row.artist_id);
      this.#providers.set(row.artist_id, row.provider_id);
    }
  }

  /** Has an admin bring it in step over HTTP, to the end of the job. */
  async #follow(path: string): Promise<void> {
    const { system, api } = this.stage;
    const asked = await api.call('POST', `/api/v1/${path}`, { token: this.#admin, body: {} });
    expect(asked.status).toBe(202);
    expect(await system.jobEnd(String(asked.body.jobId))).toMatchObject({ status: 'completed', failure_code: null });
  }

  async index(): Promise<Record<string, unknown>> {
    return (await this.stage.api.call('GET', '/api/v1/artist-index', { token: this.#admin })).body;
  }

  /** By the provider's id. */
  id(providerId: string): string {
    const id = this.#ids.get(providerId);
    if (id === undefined) throw new Error('The catalog lacks an artist of the file.');
    return id;
  }

  provider(id: string): string {
    return this.#providers.get(id) ?? '';
  }

  async get(path: string, token?: string): Promise<Record<string, unknown>> {
    return (await this.stage.get(path, token)).body;
  }

  /** All pages, few at a time. */
  async collaborators(id: string, limit = 100): Promise<Collaborator[]> {
    const all: Collaborator[] = [];
    for (let cursor: unknown = ''; cursor !== null;) {
      const more = cursor === '' ? '' : `&cursor=${String(cursor)}`;
      const page = await this.get(`artists/${id}/collaborators?limit=${limit}${more}`);
      all.push(...(page.items as Collaborator[]));
      cursor = page.nextCursor;
    }
    return all;
  }

  async checkCollaborators(providerId: string): Promise<void> {
    const found = await this.collaborators(this.id(providerId), this.expected.around(providerId).length > 5 ? 2 : 100);
    const known = found.map(({ artist, tracks, firstYear, lastYear, roles }) => {
      const other = this.provider(artist.id);
      const wanted = this.expected.between(providerId, other);
      const { ledByArtist, ledByCollaborator, bothGuests } = roles;
      expect({ tracks, firstYear, lastYear, roles: { ledByArtist, ledByCollaborator, bothGuests } }).toEqual({
        ...wanted,
        roles: wanted.roles ?? expect.anything(),
      });
      return other;
    });
    expect(known.sort()).toEqual(this.expected.around(providerId).sort());
    expect(found.map(({ tracks }) => tracks)).toEqual(found.map(({ tracks }) => tracks).sort((a, b) => b - a));
  }

  /** Everybody within three steps, with all there is between them, and the shortest way to the farthest. */
  async checkSurroundings(providerId: string): Promise<void> {
    const id = this.id(providerId);
    const { nodes, edges, cut } = (await this.get(`artists/${id}/network?depth=3&limit=500`)) as {
      nodes: (Named & { distance: number })[];
      edges: { from: string; to: string; tracks: number }[];
      cut: boolean;
    };
    const wanted = this.expected.distances(providerId, 3);
    expect(cut).toBe(wanted.size > 500);
    if (!cut)
      expect(nodes.map((node) => `${this.provider(node.id)} ${node.distance}`).sort()).toEqual(
        [...wanted].map(([other, distance]) => `${other} ${distance}`).sort(),
      );
    const shown = new Set(nodes.map((node) => this.provider(node.id)));
    const between = [...shown].flatMap((one) => this.expected.around(one).filter((other) => shown.has(other)));
    expect(edges).toHaveLength(between.length / 2);
    for (const { from, to, tracks } of edges)
      expect(tracks).toBe(this.expected.between(this.provider(from), this.provider(to)).tracks);
    const [farthest, length] = [...this.expected.distances(providerId, 6)].at(-1) ?? [];
    if (farthest === undefined || farthest === providerId) return;
    const ways = await this.get(`paths?from=${id}&to=${this.id(farthest)}`);
    expect(ways.length).toBe(length);
    for (const { artists } of ways.paths as { artists: Named[] }[])
      for (const [n, { id: here }] of artists.entries()) {
        const next = artists[n + 1];
        if (next) expect(this.expected.around(this.provider(here))).toContain(this.provider(next.id));
      }
  }

  async checkSearch(providerId: string): Promise<void> {
    const name = this.expected.names.get(providerId) ?? '';
    const found = await this.get(`search?query=${encodeURIComponent(name)}&limit=100`);
    expect(found.items).toContainEqual(
      expect.objectContaining({
        id: this.id(providerId),
        name,
        collaborators: this.expected.around(providerId).length,
        tracks: this.expected.tracksOf(providerId),
      }),
    );
  }

  /** Somebody keeps these artists out: whoever worked with one of them is near, as near as the file says; then who is one step further. */
  async checkBlockedNetwork(providerIds: readonly string[]): Promise<void> {
    const { api } = this.stage;
    const { token } = await api.person();
    for (const one of providerIds) await api.call('PUT', `/api/v1/blocks/${this.id(one)}`, { token, body: {} });
    const { items, blockedArtists, cut } = (await this.get('blocked-network?limit=200', token)) as {
      items: { artist: Named; distance: number; score: number; links: number }[];
      blockedArtists: number;
      cut: boolean;
    };
    expect(blockedArtists).toBe(providerIds.length);
    const blocked = new Set(providerIds);
    const near = new Set(providerIds.flatMap((one) => this.expected.around(one)).filter((one) => !blocked.has(one)));
    const further = new Set([...near].flatMap((one) => this.expected.around(one)));
    const at = (distance: number) =>
      items
        .filter((item) => item.distance === distance)
        .map(({ artist }) => this.provider(artist.id))
        .sort();
    expect(at(1)).toEqual([...near].sort());
    if (!cut) expect(at(2)).toEqual([...further].filter((one) => !near.has(one) && !blocked.has(one)).sort());
    for (const { artist, distance, score, links } of items) {
      if (distance !== 1) continue;
      const one = this.provider(artist.id);
      const worths = this.expected.around(one).flatMap((other) => (blocked.has(other) ? [other] : []));
      expect(links).toBe(worths.length);
      const known = worths.map((other) => this.expected.worth(one, other));
      if (!known.includes(null)) expect(score).toBeCloseTo(together(known.map((worth) => worth ?? 0)), 2);
    }
  }
}
