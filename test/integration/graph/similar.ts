import { join } from 'node:path';
import { artistStyles } from '../../../adapters/catalog-index/artist-styles';
import { writeTable } from '../../../adapters/lancedb/table-writer';
import { proposeMerge } from '../../../adapters/postgres/artist-merges';
import { newId } from '../../../adapters/postgres/ids';
import { holdingIndexWriterLock } from '../../../adapters/postgres/index-writer-lock';
import { startApi, type ApiUnderTest } from '../api/api-under-test';
import type { GraphStage } from './stage';

interface Item {
  artist: { name: string; blocked: boolean };
  from: string;
  score: number;
  style: { cosine: number; adds: number } | null;
  graph: { proximity: number; distance: number; adds: number } | null;
}

const genres: Readonly<Record<string, string[]>> = {
  Hub: ['Hip-Hop', 'trap'],
  Gus: ['hip hop'],
  Ina: ['trap', 'hip hop'],
  Ira: ['opera'],
  Eli: ['opera', 'baroque'],
};

/** Hub worked with Gus and Gil, those with Lou and Fay, Ina with Ira; one artist with nobody. */
export function testSimilar(set: () => GraphStage): void {
  const id: Record<string, string> = {};
  let token = '';

  const items = (body: Record<string, unknown>) => body.items as Item[];
  const names = (body: Record<string, unknown>) => items(body).map(({ artist }) => artist.name);
  const like = async (name: string, query = '', by: { api?: ApiUnderTest; token?: string } = {}) => {
    const api = by.api ?? set().api;
    const asker = by.token ?? (by.api ? (await api.person()).token : token);
    return api.call('GET', `/api/v1/artists/${id[name]}/similar${query}`, { token: asker });
  };
  const likeAll = (body: unknown) => set().api.call('POST', '/api/v1/artists/similar', { token, body });

  beforeAll(async () => {
    for (const table of ['tracks', 'albums', 'artists']) await set().em.execute(`delete from ${table}`);
    await set().make([
      { name: 'Hey', by: ['Hub', 'Gus'] },
      { name: 'Hi', by: ['Hub', 'Gus'] },
      { name: 'Ho', by: ['Hub', 'Gil'] },
      { name: 'Go', by: ['Gil', 'Fay'] },
      { name: 'Fa', by: ['Fay', 'Eli'] },
      { name: 'La', by: ['Lou', 'Gus', 'Gil'] },
      { name: 'Isle', by: ['Ina', 'Ira'] },
      { name: 'Oh', by: ['Nobody'] },
    ]);
    await set().sync({ full: true });
    const rows = await set().em.execute<{ id: string; name: string }[]>(`select id, name from artists`);
    for (const row of rows) id[row.name] = row.id;
    for (const [name, given] of Object.entries(genres))
      await set().em.execute(
        `insert into artist_genres (artist_id, genre, source) select ?, jsonb_array_elements_text(?::jsonb), 'test'`,
        [id[name], JSON.stringify(given)],
      );
    ({ token } = await set().api.person());
  });

  it('comes from the graph alone, and says so, while there is no index of styles', async () => {
    const { status, body } = await like('Hub');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      artists: [{ name: 'Hub' }],
      weights: { style: 0, graph: 1 },
      style: { state: 'index_missing' },
      graph: { state: 'used', sync: { complete: true } },
    });
    expect(names(body).sort()).toEqual(['Fay', 'Gil', 'Gus', 'Lou']);
    expect(names(body)[0]).toBe('Gus');
    for (const { from, style, graph } of items(body))
      expect([from, style, graph?.adds]).toEqual(['graph', null, graph?.proximity]);
    expect((await like('Nobody')).body).toMatchObject({ items: [], emptyReason: 'unknown_now' });
  });

  it('comes from both once artists are indexed, each with what either adds', async () => {
    const { orm, vectors, config } = set().api.deps;
    const table = artistStyles(config.styleModel);
    const rows = await table.rows(set().em, Object.values(id));
    expect(rows).toHaveLength(Object.keys(genres).length);
    expect(await table.count(set().em)).toMatchObject({ rows: rows.length });
    await writeTable(
      vectors,
      table.definition,
      (work) => holdingIndexWriterLock(orm.em, work),
      (writer) => writer.upsert(rows),
    );
    const { body } = await like('Hub');
    expect(body).toMatchObject({ style: { state: 'used' }, graph: { state: 'used' } });
    const by = new Map(items(body).map((item) => [item.artist.name, item]));
    expect([...by].map(([name, { from }]) => `${name}: ${from}`).sort()).toEqual([
      'Fay: graph',
      'Gil: graph',
      'Gus: both',
      'Ina: style',
      'Lou: graph',
    ]);
    expect(by.get('Gus')?.graph?.distance).toBe(1);
    expect(by.get('Lou')?.graph?.distance).toBe(2);
    expect(by.get('Ina')?.style?.cosine).toBeCloseTo(1, 2);
    for (const { score, style, graph } of items(body))
      expect(score).toBeCloseTo((style?.adds ?? 0) + (graph?.adds ?? 0), 2);
    expect(names((await like('Hub', '?limit=2')).body)).toHaveLength(2);
  });

  it('knows nobody similar to somebody of whom nothing is known, and says why', async () => {
    expect((await like('Nobody')).body).toMatchObject({
      items: [],
      emptyReason: 'nothing_known',
      weights: { style: 0, graph: 0 },
      style: { state: 'no_genres' },
      graph: { state: 'no_collaborations' },
    });
  });

  it('leaves out whom a person keeps out, for that person, where asked to', async () => {
    const other = await set().api.person();
    await set().api.call('PUT', `/api/v1/blocks/${id.Gus}`, { token: other.token, body: {} });
    const seen = (await like('Hub', '', other)).body;
    expect(items(seen).find(({ artist }) => artist.name === 'Gus')?.artist.blocked).toBe(true);
    expect(names((await like('Hub', '?excludeBlocked=true', other)).body)).not.toContain('Gus');
    expect(names((await like('Hub', '?excludeBlocked=true')).body)).toContain('Gus');
    await set().api.call('PUT', `/api/v1/blocks/${id.Ira}`, { token: other.token, body: {} });
    await set().api.call('PUT', `/api/v1/blocks/${id.Hub}`, { token: other.token, body: {} });
    await set().api.call('PUT', `/api/v1/blocks/${id.Gus}`, { token: other.token, body: {} });
    expect((await like('Ina', '?excludeBlocked=true', other)).body).toMatchObject({
      items: [],
      emptyReason: 'all_blocked',
    });
  });

  it('is found for several together, and never one of them', async () => {
    const { status, body } = await likeAll({ artistIds: [id.Hub, id.Ira, id.Ira?.toUpperCase()] });
    expect(status).toBe(200);
    expect((body.artists as unknown[]).length).toBe(2);
    expect(names(body).sort()).toEqual(['Eli', 'Fay', 'Gil', 'Gus', 'Ina', 'Lou']);
    expect((await likeAll({ artistIds: [id.Hub, newId()] })).status).toBe(404);
    expect((await likeAll({ artistIds: [] })).status).toBe(400);
    expect((await likeAll({ artistIds: Array.from({ length: 21 }, () => id.Hub) })).status).toBe(400);
    id.unknown = newId();
    id.evil = encodeURIComponent("' or '1' = '1");
    expect((await like('unknown')).status).toBe(404);
    expect((await like('evil')).status).toBe(404);
    for (const query of ['?limit=0', '?limit=101', '?limit=NaN', '?excludeBlocked=maybe'])
      expect([query, (await like('Hub', query)).status]).toEqual([query, 400]);
  });

  it('is asked for and told under the id that stands, where two were merged', async () => {
    const pair = [id.Eli ?? '', id.Nobody ?? ''];
    const merge = { keptArtistId: pair[0] ?? '', mergedArtistId: pair[1] ?? '', score: 1, evidence: [] };
    const made = await set().em.transactional((tx) => proposeMerge(tx, { ...merge, band: 'accept' }));
    expect(made.outcome).toBe('applied');
    const [row] = await set().em.execute<{ id: string; artist_id: string }[]>(
      `select id, artist_id from former_artists where id in (?, ?)`,
      pair,
    );
    [id.former, id.kept] = [row?.id ?? '', row?.artist_id ?? ''];
    const { body } = await like('former');
    expect((body.artists as { id: string }[]).map((one) => one.id)).toEqual([id.kept]);
    expect(items(body)).toEqual(items((await like('kept')).body));
    expect((await likeAll({ artistIds: [id.former, id.kept] })).body.artists).toHaveLength(1);
    const near = async () =>
      items((await like('Fay')).body).map(({ artist }) => (artist as unknown as { id: string }).id);
    // The graph has both until its next sync.
    expect(await near()).not.toContain(id.former);
    await set().sync();
    expect(await near()).toContain(id.kept);
  });

  it('comes from styles alone without Neo4j; without either there is no answer', async () => {
    const { environment } = set().system;
    const alone = await startApi({ environment: { ...environment, NEO4J_URI: '' } });
    const neither = await startApi({
      environment: { ...environment, NEO4J_URI: '', LANCEDB_URI: join(environment.LANCEDB_URI ?? '', 'elsewhere') },
    });
    try {
      const { body } = await like('Hub', '', { api: alone });
      expect(body).toMatchObject({
        weights: { style: 1, graph: 0 },
        style: { state: 'used' },
        graph: { state: 'away', sync: null },
      });
      expect(names(body)).toEqual(['Ina', 'Gus']);
      expect((await like('Lou', '', { api: alone })).body).toMatchObject({ items: [], emptyReason: 'unknown_now' });
      expect(await like('Hub', '', { api: neither })).toMatchObject({
        status: 503,
        body: { code: 'similarity_unavailable', retryable: true },
      });
      expect((await like('unknown', '', { api: neither })).status).toBe(404);
    } finally {
      await Promise.all([alone.close(), neither.close()]);
    }
  });
}
