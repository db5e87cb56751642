import { proposeMerge } from '../../../adapters/postgres/artist-merges';
import { nameKey } from '../../../domain/name-keys';
import { otherCatalog } from './other-catalog';
import { Walk } from './walk';

interface Resolved {
  band: string;
  artist: { id: string } | null;
  candidates: { artist: { id: string } }[];
}

/** Ways in which somebody else may write a name; each leaves it recognisable. */
const otherwise: readonly ((name: string) => string)[] = [
  (name) => name.toUpperCase(),
  (name) => name.normalize('NFKD').replace(/\p{M}/gu, ''),
  (name) => name.replace(/^(\S+) (\S+)$/u, '$2, $1'),
  (name) => name.replaceAll(' & ', ' and ').replaceAll('’', "'"),
  (name) => name.replace(/ /u, '-'),
];

/** A library of some thousand real tracks of a catalog that nobody here knows: taken over, resolved, walked, and merged. */
export function testWalk(): void {
  let walk: Walk;
  beforeAll(async () => {
    walk = await Walk.over(otherCatalog());
  }, 900_000);
  afterAll(() => walk?.stage.close());

  const resolve = async (artists: readonly object[]): Promise<Resolved[]> => {
    const { api } = walk.stage;
    const { token } = await api.person();
    const answers: Resolved[] = [];
    for (let at = 0; at < artists.length; at += 100) {
      const body = { artists: artists.slice(at, at + 100) };
      answers.push(...((await api.call('POST', '/api/v1/artists/resolve', { token, body })).body.items as Resolved[]));
    }
    return answers;
  };
  /** Spread over the whole file. */
  const some = <T>(all: readonly T[], count: number): T[] =>
    all.filter((_, n) => n % Math.max(1, Math.floor(all.length / count)) === 0).slice(0, count);

  it('is in the graph and in the index as the file has it, to the last count', async () => {
    const { expected, stage } = walk;
    const { names, pairs, credits } = expected;
    expect(expected.catalog.tracks.size).toBeGreaterThan(1_000);
    const counts = {
      artists: names.size,
      albums: expected.catalog.albums.size,
      tracks: expected.catalog.tracks.size,
      credits,
      collaborations: pairs,
    };
    const health = (await stage.health()) as { drift: { kind: string; catalog: number; difference: number }[] };
    expect(health).toMatchObject({ state: 'in_step', pending: 0 });
    expect(Object.fromEntries(health.drift.map(({ kind, catalog }) => [kind, catalog]))).toEqual(counts);
    expect(await walk.get('stats')).toMatchObject({
      nodes: { artists: counts.artists, tracks: counts.tracks, albums: counts.albums },
      edges: { collaborations: pairs, credits },
      meanDegree: (2 * pairs) / names.size,
      components: expected.components,
    });
    expect((await walk.get('sync?limit=1')).items).toMatchObject([
      { status: 'completed', mode: 'full', counts: { artists: names.size, collaborations: pairs, removed: 0 } },
    ]);
    const index = (await walk.index()) as {
      state: string;
      tables: { table: string; rows: number; difference: number }[];
    };
    expect(index.state).toBe('in_step');
    expect(index.tables.find(({ table }) => table === 'artist_names')).toMatchObject({
      rows: [...names.values()].filter((name) => nameKey(name) !== '').length,
      difference: 0,
    });
  });

  it('can be walked: search, collaborators, network, paths, whoever is near the blocked', async () => {
    const { expected } = walk;
    const all = expected.collaborating;
    expect(all.length).toBeGreaterThan(100);
    for (const one of all) await walk.checkCollaborators(one);
    for (const one of some(all, 60)) await walk.checkSurroundings(one);
    for (const one of [...some([...expected.names.keys()], 60), ...some(all, 60)]) await walk.checkSearch(one);
    for (const one of some(all, 20)) await walk.checkBlockedNetwork([one]);
    await walk.checkBlockedNetwork(some(all, 50));
    const [one, other] = [all[0] ?? '', all.find((far) => !expected.distances(all[0] ?? '').has(far)) ?? ''];
    expect(await walk.get(`paths?from=${walk.id(one)}&to=${walk.id(other)}`)).toMatchObject({
      length: null,
      emptyReason: 'not_connected',
    });
  }, 600_000);

  it('is resolved in other spellings: by name alone never accepted, with a recording the right one', async () => {
    const { expected } = walk;
    const tracks = some(
      [...expected.catalog.tracks.values()].filter(({ artists }) => artists.length === 1),
      200,
    );
    const asked = tracks.map(({ artists: [artist], isrc, name: title }, n) => ({
      artist: artist!,
      name: otherwise[n % otherwise.length]?.(artist!.name) ?? artist!.name,
      isrc,
      title,
    }));
    const alone = await resolve(asked.map(({ name }) => ({ name })));
    expect(alone.filter(({ band }) => band === 'accept')).toEqual([]);
    const found = asked.filter(({ artist }, n) =>
      alone[n]?.candidates.some((candidate) => candidate.artist.id === walk.id(artist.id)),
    );
    expect(found.length / asked.length).toBeGreaterThan(0.97);
    const known = await resolve(asked.map(({ name, isrc, title }) => ({ name, isrcs: [isrc], titles: [title] })));
    const accepted = known.flatMap(({ artist }, n) => (artist ? [[artist.id, walk.id(asked[n]!.artist.id)]] : []));
    expect(accepted.filter(([one, other]) => one !== other)).toEqual([]);
    expect(accepted.length / asked.length).toBeGreaterThan(0.95);
  }, 300_000);

  it('tells homonyms apart: by the name alone both may be meant, by a recording only the one', async () => {
    const { expected } = walk;
    const bearers = new Map<string, string[]>();
    for (const [id, name] of expected.names) bearers.set(nameKey(name), [...(bearers.get(nameKey(name)) ?? []), id]);
    const shared = [...bearers].filter(([key, ids]) => key !== '' && ids.length === 2);
    // Somebody's own catalog may have none.
    if (!process.env.SANDBOX_CATALOG) expect(shared.length).toBeGreaterThan(5);
    for (const [, ids] of shared) {
      const name = expected.names.get(ids[0]!) ?? '';
      const { items } = await walk.get(`search?query=${encodeURIComponent(name)}&limit=100`);
      expect((items as { id: string }[]).map(({ id }) => id)).toEqual(
        expect.arrayContaining(ids.map((id) => walk.id(id))),
      );
      const [alone] = await resolve([{ name }]);
      expect(alone).toMatchObject({ band: 'review', artist: null });
      expect(alone?.candidates.map(({ artist }) => artist.id)).toEqual(
        expect.arrayContaining(ids.map((id) => walk.id(id))),
      );
      for (const id of ids) {
        const theirs = [...expected.catalog.tracks.values()].filter(({ artists }) => artists[0]?.id === id);
        const [known] = await resolve([{ name, isrcs: theirs.map(({ isrc }) => isrc) }]);
        if (theirs.length > 0) expect([name, known?.artist?.id]).toEqual([name, walk.id(id)]);
      }
    }
  }, 300_000);

  it('has one artist where two were merged, and two again once that is undone, each with what is theirs', async () => {
    const { stage, expected } = walk;
    const { api } = stage;
    const { token } = await api.person({ roles: ['moderator'], scopes: ['read', 'write', 'moderate'] });
    const decide = async (id: string, decision: string) =>
      expect(await api.call('POST', `/api/v1/artist-merges/${id}/${decision}`, { token, body: {} })).toMatchObject({
        status: 200,
      });
    const all = expected.collaborating.toSorted((a, b) => expected.around(b).length - expected.around(a).length);
    const one = all[0] ?? '';
    const other = all.find((far) => !expected.distances(one).has(far)) ?? '';
    const ids = [walk.id(one), walk.id(other)];
    const before = await stage.picture();
    const made = await stage.em.transactional((tx) =>
      proposeMerge(tx, { keptArtistId: ids[0]!, mergedArtistId: ids[1]!, score: 0.8, band: 'review', evidence: [] }),
    );
    if (made.outcome !== 'pending') throw new Error(made.outcome);
    await decide(made.mergeId, 'approve');
    expect(await stage.sync()).toMatchObject({ mode: 'incremental' });
    expect(await stage.health()).toMatchObject({ state: 'in_step', pending: 0 });
    expect(await walk.get('stats')).toMatchObject({
      nodes: { artists: expected.names.size - 1 },
      edges: { collaborations: expected.pairs, credits: expected.credits },
    });
    const joined = [...expected.around(one), ...expected.around(other)].map((id) => walk.id(id)).sort();
    for (const id of ids) expect((await walk.collaborators(id)).map(({ artist }) => artist.id).sort()).toEqual(joined);
    await decide(made.mergeId, 'undo');
    expect(await stage.sync()).toMatchObject({ mode: 'incremental' });
    expect(await stage.health()).toMatchObject({ state: 'in_step', pending: 0 });
    expect(await stage.picture()).toEqual(before);
    for (const id of [one, other]) await walk.checkCollaborators(id);
  }, 300_000);
}
