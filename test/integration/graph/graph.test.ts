import { type Graph, openGraph } from '../../../adapters/neo4j/graph';
import { graphMigrations, migrateGraph } from '../../../adapters/neo4j/migrations';
import { newId } from '../../../adapters/postgres/ids';
import { type KillPoint, nameOf } from '../../support/kill-points';
import { startVictim } from '../../support/victim';
import { startApi } from '../api/api-under-test';
import { aboutNobody, hostileQuestions, statusOf } from './hostile';
import { startRelay } from './relay';
import { testSimilar } from './similar';
import { GraphStage } from './stage';
import { testWalk } from './walk-scenes';

jest.setTimeout(240_000);

let stage: GraphStage;
beforeAll(async () => {
  stage = await GraphStage.set();
});
afterAll(() => stage?.close());

/** A graph on which the process dies at the `nth` write: nothing after it happens. */
function dyingAt(nth: number): Graph {
  let writes = 0;
  return {
    ...stage.graph,
    write: (work) => {
      writes += 1;
      return writes >= nth ? Promise.reject(new Error('killed')) : stage.graph.write(work);
    },
  };
}

describe('the graph and the catalog', () => {
  it('is empty before the first sync, says so, and invents nothing', async () => {
    await stage.make([{ name: 'Alone', by: ['Solo Act'], year: 1999 }]);
    const get = async (path: string) => (await stage.get(path)).body;
    const sync = { complete: false, syncedAt: null };
    expect(await stage.health()).toMatchObject({ state: 'empty', generation: 0, syncedAt: null, lastSync: null });
    expect(await get('stats')).toMatchObject({
      nodes: { artists: 0, tracks: 0, albums: 0 },
      meanDegree: null,
      density: null,
      components: null,
      sync,
    });
    const id = await stage.idOf('Solo Act');
    expect(await get(`artists/${id}/network`)).toMatchObject({ edges: [], emptyReason: 'graph_empty', sync });
    expect(await get(`artists/${id}/collaborators`)).toMatchObject({ items: [], emptyReason: 'graph_empty', sync });
    expect(await get('search?query=solo')).toMatchObject({ items: [], emptyReason: 'graph_empty', sync });
    expect(await get('blocked-network')).toMatchObject({ items: [], emptyReason: 'nothing_blocked', sync });
    expect(await get('sync')).toMatchObject({ items: [], emptyReason: 'never_synced' });
  });

  it('takes the whole catalog over at first, and then what changed', async () => {
    await stage.make([
      { name: 'One', by: ['Ana', 'Ben'], year: 2001, isrc: 'AA1' },
      { name: 'One again', by: ['Ana', 'Ben'], year: 2005, isrc: 'AA1' },
      { name: 'Two', by: ['Ben', 'Ana', 'Cem'], year: 2003 },
      { name: 'Three', by: ['Dua', 'Ben', 'Cem'] },
    ]);
    expect(await stage.sync()).toMatchObject({ mode: 'full' });
    expect(await stage.lastSync()).toMatchObject({ reason: 'first', status: 'completed', jobId: null });
    expect(await stage.collaborations()).toEqual([
      'Ana + Ben: 2',
      'Ana + Cem: 1',
      'Ben + Cem: 2',
      'Ben + Dua: 1',
      'Cem + Dua: 1',
    ]);
    expect(await stage.health()).toMatchObject({ state: 'in_step', pending: 0, generation: 1 });
    expect(await stage.sync()).toBeNull();

    await stage.make([{ name: 'Four', by: ['Ana', 'Eve'], year: 2020 }]);
    await stage.em.execute(`delete from tracks where name = 'Three'`);
    await stage.em.execute(`update artists set name = 'Cem the Great' where name = 'Cem'`);
    await stage.em.execute(`update albums set release_date = '1990' where name = 'One (single)'`);
    expect(await stage.health()).toMatchObject({ state: 'behind' });
    expect(await stage.sync()).toMatchObject({ mode: 'incremental' });
    // Counted a moment ago, and changed since: not compared until it may be counted anew.
    const moment = (await stage.get('health')).body;
    expect(moment).toMatchObject({
      state: 'in_step',
      pending: 0,
      drift: null,
      countedAt: expect.any(String) as unknown,
    });
    expect(await stage.collaborations()).toEqual([
      'Ana + Ben: 2',
      'Ana + Cem the Great: 1',
      'Ana + Eve: 1',
      'Ben + Cem the Great: 1',
    ]);
    expect(await stage.health()).toMatchObject({ state: 'in_step', pending: 0 });
    const counted = await stage.health();
    expect((counted.drift as { difference: number }[]).map(({ difference }) => difference)).toEqual([0, 0, 0, 0, 0]);
    expect((await stage.get('health')).body).toMatchObject({ drift: counted.drift, countedAt: counted.countedAt });
    expect((await stage.lastSync()).counts).toMatchObject({ artists: 2, removed: 1 });
    const [{ first, last }] = (await stage.graph.read((tx) =>
      tx.run(
        `MATCH (:Artist {name: 'Ana'})-[r:COLLABORATED_WITH]-(:Artist {name: 'Ben'}) RETURN r.first AS first, r.last AS last`,
      ),
    )) as [{ first: number; last: number }];
    // One is the recording of 1990 now, and two of 2003.
    expect([first, last]).toEqual([1990, 2003]);

    await stage.em.execute(`delete from artists where name = 'Eve'`);
    await stage.sync();
    expect(await stage.health()).toMatchObject({ state: 'in_step' });
    expect(await stage.collaborations()).not.toContain('Ana + Eve: 1');
  });

  it('waits for no transaction that is open elsewhere, and takes over what it commits afterwards', async () => {
    const open = stage.em;
    await open.begin();
    await open.execute(`update artists set disambiguation = 'late' where name = 'Dua'`);
    await stage.em.execute(`update artists set disambiguation = 'early' where name = 'Ana'`);
    await stage.sync();
    const told = async () =>
      (await stage.picture()).filter((line) => /"disambiguation":"(early|late)"/.test(line)).length;
    expect(await told()).toBe(1);
    expect(await stage.health()).toMatchObject({ state: 'in_step' });
    await open.commit();
    expect(await stage.health()).toMatchObject({ state: 'behind', pending: 1 });
    await stage.sync();
    expect(await told()).toBe(2);
  });

  it('takes over whom imports credit, on the track that a recording is, else on the recording, never twice', async () => {
    await stage.make([
      { name: 'Sung', by: ['Ada', 'Bo'], year: 2011, isrc: 'QZ-AAA-11-00001' },
      { name: 'Sung live', by: ['Ada'], year: 2013 },
      { name: 'Hum', by: ['Wil'] },
      { name: 'Hem', by: ['Pru'] },
    ]);
    const unlisted = { name: 'Unlisted', performers: ['Pru', 'Bo'], isrcs: ['QZAAA1100002'] };
    await stage.import([
      { name: 'Sung, says one', isrcs: ['QZAAA1100001'], performers: ['Ada', 'Bo', 'Wil'], producers: ['Pru', 'Ada'] },
      {
        name: 'Sung, says another',
        listedAs: ['Sung', 'Sung live'],
        performers: ['Ada'],
        writers: ['Wil', 'Nobody yet'],
      },
      unlisted,
      { name: 'By strangers', performers: ['Stranger', 'Foreigner'] },
    ]);
    const between = async (...names: string[]) =>
      (await stage.collaborations()).filter((line) => names.some((name) => line.includes(name)));
    /** What increments lead to is what a full sync makes. */
    const inStep = async () => {
      expect(await stage.sync()).toMatchObject({ mode: 'incremental' });
      expect(await stage.health()).toMatchObject({ state: 'in_step', pending: 0 });
      const held = await stage.picture();
      await stage.sync({ full: true });
      expect(await stage.picture()).toEqual(held);
      return held;
    };
    const credits = (held: string[], track: string) =>
      held
        .filter((line) => line.includes('"CREDITED_ON"') && line.includes(`"to":"${track}"`))
        .map((line) => /"from":"([^"]+)".*"role":"([^"]+)"/.exec(line)?.slice(1).join(' '));
    const first = await inStep();
    const sung = ['Ada primary', 'Ada producer', 'Bo featured', 'Pru producer', 'Wil featured', 'Wil writer'];
    expect(credits(first, 'Sung')).toEqual(sung);
    expect(credits(first, 'Sung live')).toEqual(['Ada primary', 'Wil writer']);
    expect(credits(first, 'Unlisted')).toEqual(['Bo featured', 'Pru primary']);
    expect(first.filter((line) => line.includes('says') || line.includes('strangers'))).toEqual([]);
    // Both tracks are one recording, on which Wil also sings.
    expect(await between('Pru', 'Wil')).toEqual([
      'Ada + Pru: 1',
      'Ada + Wil: 1',
      'Bo + Pru: 2',
      'Bo + Wil: 1',
      'Pru + Wil: 1',
    ]);
    const roles = (await stage.get(`artists/${await stage.idOf('Pru')}/collaborators`)).body.items;
    expect(roles).toContainEqual(
      expect.objectContaining({
        artist: expect.objectContaining({ name: 'Bo' }) as unknown,
        roles: { ledByArtist: 1, ledByCollaborator: 0, bothGuests: 0, produced: 1, written: 0 },
      }),
    );

    await stage.make([
      { name: 'Listed now', by: ['Bo'], isrc: 'QZAAA1100002' },
      { name: 'Other', by: ['Nobody yet'] },
    ]);
    const second = await inStep();
    expect(credits(second, 'Listed now')).toEqual(['Bo primary', 'Pru featured']);
    expect(credits(second, 'Sung live')).toEqual(['Ada primary', 'Nobody yet writer', 'Wil writer']);
    expect(credits(second, 'Unlisted')).toEqual([]);
    expect(await between('Bo + Pru', 'Ada + Nobody')).toEqual(['Ada + Nobody yet: 1', 'Bo + Pru: 2']);

    await stage.import([{ ...unlisted, isrcs: [], producers: ['Ada'] }, { name: 'Sung, says another' }]);
    await stage.em.execute(`delete from recordings where name = 'Sung, says one'`);
    const third = await inStep();
    expect(credits(third, 'Unlisted')).toEqual(['Ada producer', 'Bo featured', 'Pru primary']);
    expect(credits(third, 'Sung')).toEqual(['Ada primary', 'Bo featured']);
    expect(await between('Wil', 'Pru')).toEqual(['Ada + Pru: 1', 'Bo + Pru: 1']);

    const match = (track: string, other: string, state: string) =>
      stage.em.execute(
        `insert into recording_matches (id, one_id, other_id, means, state, band, score)
         select ?, t.id, o.id, 'linkage', ?, 'review', 0.8 from tracks t, (select id, name from tracks union select id, name from recordings) o
         where t.name = ? and o.name = ? on conflict (one_id, other_id) do update set state = excluded.state`,
        [newId(), state, track, other],
      );
    await match('Listed now', 'Unlisted', 'accepted');
    const fourth = await inStep();
    expect(credits(fourth, 'Listed now')).toEqual(['Ada producer', 'Bo primary', 'Pru featured']);
    expect(credits(fourth, 'Unlisted')).toEqual([]);
    expect(await between('Ada + Bo')).toEqual(['Ada + Bo: 2']);
    await match('Listed now', 'Sung', 'accepted');
    await stage.import([{ ...unlisted, isrcs: [], producers: ['Ada'], writers: ['Wil'] }]);
    expect(credits(await inStep(), 'Listed now')).toContain('Wil writer');
    expect(await between('Ada + Bo')).toEqual(['Ada + Bo: 1']);
    await match('Listed now', 'Unlisted', 'rejected');
    const last = await inStep();
    expect(credits(last, 'Listed now')).toEqual(['Bo primary']);
    expect(credits(last, 'Unlisted')).toEqual(['Ada producer', 'Bo featured', 'Pru primary', 'Wil writer']);
  });

  it('goes on after a kill in the middle, without anything doubled', async () => {
    await stage.make(
      Array.from({ length: 40 }, (_, n) => ({
        name: `Song ${n}`,
        by: [`A ${n % 7}`, `B ${n % 5}`, `C ${n % 3}`],
        year: 1980 + n,
      })),
    );
    const dieAt = async (nth: number, full: boolean) => {
      await stage.em.execute(`update tracks set name = name || '.' where name like 'Song%'`);
      await stage.em.execute(`update artists set disambiguation = ? where name like 'A %'`, [`${nth}`]);
      await stage.em.execute(
        `delete from track_artists where track_id = (select id from tracks where name like 'Song%' order by id limit 1)`,
      );
      const begun = await stage.activitiesOn(stage.graph).beginGraphSync({ syncId: newId(), jobId: null, full });
      if (begun.state !== 'begun') throw new Error(begun.state);
      const { task } = begun;
      const died = await stage
        .activitiesOn(dyingAt(nth))
        .syncGraphSlice({ task, place: null })
        .then(
          () => false,
          (error: unknown) => {
            expect(error).toMatchObject({ message: 'killed' });
            return true;
          },
        );
      await stage.finish(task);
      await stage.sync();
      expect(await stage.health()).toMatchObject({ state: 'in_step' });
      return died;
    };
    expect(await dieAt(2, false)).toBe(true);
    expect(await dieAt(3, true)).toBe(true);
    // At each write that there is, and once at none.
    if (process.env.LONG) for (let nth = 1; await dieAt(nth, true); nth += 1);
  });

  it('goes on where it was when Neo4j is away in the middle and comes back', async () => {
    const { hostname, port } = new URL(stage.system.config.NEO4J_URI ?? '');
    const relay = await startRelay({ host: hostname, port: Number(port) });
    const graph = openGraph({ ...stage.system.config, NEO4J_URI: `bolt://127.0.0.1:${relay.port}` });
    if (!graph) throw new Error('The graph has no address.');
    try {
      await stage.em.execute(`update tracks set name = name || '!' where name like 'Song%'`);
      const activities = stage.activitiesOn(graph);
      const begun = await activities.beginGraphSync({ syncId: newId(), jobId: null, full: false });
      if (begun.state !== 'begun') throw new Error(begun.state);
      relay.cut();
      const slice = () => activities.syncGraphSlice({ task: begun.task, place: { phase: 'tracks', after: null } });
      await expect(slice()).rejects.toMatchObject({ type: 'graph_unavailable', nonRetryable: false });
      expect(await activities.beginGraphSync({ syncId: newId(), jobId: null, full: false })).toEqual({ state: 'idle' });
      expect(await stage.health()).toMatchObject({ state: 'behind' });
      relay.mend();
      expect(await slice()).toMatchObject({ next: null });
      await stage.finish(begun.task);
      expect(await stage.health()).toMatchObject({ state: 'in_step', pending: 0 });
    } finally {
      await graph.close();
      await relay.close();
    }
  });

  it('takes out what is gone, also what an unfinished sync wrote', async () => {
    await stage.make([{ name: 'Short-lived', by: ['Ephemera', 'Ana'] }]);
    const activities = stage.activitiesOn(stage.graph);
    const begun = await activities.beginGraphSync({ syncId: newId(), jobId: null, full: true });
    if (begun.state !== 'begun') throw new Error(begun.state);
    await stage.graph.write((tx) =>
      tx.run(`CREATE (:Artist {id: 'nobody', name: 'Nobody', generation: $g})`, { g: begun.task.generation }),
    );
    await stage.em.execute(`update catalog_feeds set held_until = now() - interval '1 second' where reader = 'graph'`);
    expect(await stage.sync({ full: true })).toMatchObject({ mode: 'full' });
    expect(await stage.health()).toMatchObject({ state: 'in_step' });
  });

  it('lets one sync work at a time; one that was taken for dead writes nothing more', async () => {
    const activities = stage.activitiesOn(stage.graph);
    await stage.em.execute(`update artists set name = 'Anna' where name = 'Ana'`);
    const slow = await activities.beginGraphSync({ syncId: newId(), jobId: null, full: true });
    if (slow.state !== 'begun') throw new Error(slow.state);
    expect(await activities.beginGraphSync({ syncId: newId(), jobId: null, full: false })).toEqual({ state: 'busy' });
    await stage.em.execute(`update catalog_feeds set held_until = now() - interval '1 second' where reader = 'graph'`);
    await stage.sync({ full: true });
    await expect(activities.syncGraphSlice({ task: slow.task, place: null })).rejects.toMatchObject({
      type: 'graph_sync_overtaken',
      nonRetryable: true,
    });
    expect(await stage.health()).toMatchObject({ state: 'in_step' });
  });

  it('sees drift, and mends it by the clock; emptied, it is made anew', async () => {
    await stage.graph.write((tx) => tx.run(`MATCH (a:Artist {name: 'Anna'}) DETACH DELETE a`));
    expect(await stage.health()).toMatchObject({ state: 'drifted', pending: 0 });
    await stage.em.execute(`update catalog_feeds set compared_at = null where reader = 'graph'`);
    await stage.em.execute(`update graph_syncs set started_at = started_at - interval '2 hours'`);
    expect(await stage.sync()).toMatchObject({ mode: 'full' });
    expect(await stage.lastSync()).toMatchObject({ reason: 'drift' });
    expect(await stage.health()).toMatchObject({ state: 'in_step' });

    await stage.empty();
    expect(await stage.health()).toMatchObject({ state: 'empty', generation: 0 });
    expect(await stage.sync()).toMatchObject({ mode: 'full' });
    expect(await stage.lastSync()).toMatchObject({ reason: 'first' });
    expect(await stage.health()).toMatchObject({ state: 'in_step' });
    expect(await migrateGraph(stage.graph)).toEqual([]);
    const applied = await stage.graph.read((tx) =>
      tx.run('MATCH (m:GraphMigration) RETURN m.version AS version ORDER BY version'),
    );
    expect(applied).toEqual(graphMigrations.map(({ version }) => ({ version })));
  });
});

describe('over HTTP', () => {
  const id: Record<string, string> = {};
  const evil = "'}) MATCH (n) DETACH DELETE n //`";

  beforeAll(async () => {
    for (const table of ['recordings', 'tracks', 'albums', 'artists']) await stage.em.execute(`delete from ${table}`);
    await stage.make([
      { name: 'Hey', by: ['Hub', 'Gus'], year: 2010 },
      { name: 'Hi', by: ['Hub', 'Gus'], year: 2012 },
      { name: 'Ho', by: ['Hub', 'Gil'], year: 2015 },
      { name: 'Ga', by: ['Gus', 'Hub'], year: 2018 },
      { name: 'Go', by: ['Gil', 'Fay'], year: 2020 },
      { name: 'Fa', by: ['Fay', 'Eli'] },
      { name: 'La', by: ['Lou', 'Gus', 'Gil'], year: 2021 },
      { name: 'Isle', by: ['Ina', 'Ira'], year: 2022 },
      { name: evil, by: [evil], year: 2023 },
    ]);
    await stage.sync({ full: true });
    for (const name of ['Hub', 'Gus', 'Gil', 'Fay', 'Eli', 'Lou', 'Ina', evil]) id[name] = await stage.idOf(name);
  });

  const names = (items: unknown) =>
    (items as { name?: string; artist?: { name: string } }[]).map((item) => item.name ?? item.artist?.name);

  it('counts nodes, edges and what hangs together', async () => {
    expect((await stage.get('stats')).body).toMatchObject({
      nodes: { artists: 9, tracks: 9, albums: 9 },
      edges: { collaborations: 8, credits: 18 },
      meanDegree: 16 / 9,
      density: 2 / 9,
      components: { count: 3, largest: 6, isolated: 1 },
      sync: { complete: true },
    });
  });

  it('shows who is around an artist, nearest and strongest first, and says when it is cut', async () => {
    const around = async (query: string) => (await stage.get(`artists/${id.Hub}/network?${query}`)).body;
    const near = await around('depth=1');
    expect(near).toMatchObject({ artist: { name: 'Hub' }, depth: 1, cut: false });
    expect(names(near.nodes)).toEqual(['Hub', 'Gus', 'Gil']);
    expect(near.edges).toHaveLength(3);
    expect(near.edges).toContainEqual(expect.objectContaining({ tracks: 3, firstYear: 2010, lastYear: 2018 }));
    const all = await around('depth=3');
    expect(names(all.nodes).slice(3).sort()).toEqual(['Eli', 'Fay', 'Lou']);
    expect((all.nodes as { distance: number }[]).map(({ distance }) => distance)).toEqual([0, 1, 1, 2, 2, 3]);
    expect(all.cut).toBe(false);
    expect(await around('depth=3&limit=5')).toMatchObject({ cut: true });
    expect(await around('depth=2&limit=3')).toMatchObject({ cut: true });
    expect(await around('depth=1&limit=3')).toMatchObject({ cut: false });
    const alone = (await stage.get(`artists/${id[evil]}/network`)).body;
    expect(alone).toMatchObject({ artist: { name: evil }, edges: [], emptyReason: 'no_collaborators' });
  });

  it('lists collaborators by page, with years, roles and tracks', async () => {
    const first = (await stage.get(`artists/${id.Hub}/collaborators?limit=1`)).body;
    expect(first.items).toEqual([
      {
        artist: { id: id.Gus, name: 'Gus' },
        tracks: 3,
        firstYear: 2010,
        lastYear: 2018,
        roles: { ledByArtist: 2, ledByCollaborator: 1, bothGuests: 0, produced: 0, written: 0 },
        samples: [
          expect.objectContaining({ name: 'Ga', year: 2018 }),
          expect.objectContaining({ name: 'Hi' }),
          expect.objectContaining({ name: 'Hey' }),
        ],
      },
    ]);
    const second = (await stage.get(`artists/${id.Hub}/collaborators?limit=1&cursor=${String(first.nextCursor)}`)).body;
    expect(names(second.items)).toEqual(['Gil']);
    expect(second.nextCursor).toBeNull();
    const guests = (await stage.get(`artists/${id.Gil}/collaborators`)).body.items;
    expect(guests).toContainEqual(
      expect.objectContaining({
        artist: { id: id.Gus, name: 'Gus' },
        roles: { ledByArtist: 0, ledByCollaborator: 0, bothGuests: 1, produced: 0, written: 0 },
      }),
    );
  });

  it('finds the shortest ways, with the tracks on each edge', async () => {
    const way = (from: string, to: string, more = '') => stage.get(`paths?from=${id[from]}&to=${id[to]}${more}`);
    const { body } = await way('Hub', 'Eli');
    expect(body).toMatchObject({ length: 3, cut: false });
    const [path] = body.paths as { artists: unknown; edges: { samples: unknown }[] }[];
    expect(names(path?.artists)).toEqual(['Hub', 'Gil', 'Fay', 'Eli']);
    expect(path?.edges.map(({ samples }) => names(samples))).toEqual([['Ho'], ['Go'], ['Fa']]);
    const both = (await way('Lou', 'Hub')).body.paths as { artists: unknown }[];
    expect(both.map(({ artists }) => names(artists)[1])).toEqual(['Gus', 'Gil']);
    expect((await way('Lou', 'Hub', '&limit=1')).body).toMatchObject({ length: 2, cut: true });
    expect((await way('Hub', 'Ina')).body).toMatchObject({ length: null, paths: [], emptyReason: 'not_connected' });
    expect(await way('Hub', 'Hub')).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', errors: [{ path: 'query.to', code: 'same_artist' }] },
    });
  });

  it('shows who is near those whom a person keeps out, and why; nobody else’s blocks count', async () => {
    const { token } = await stage.api.person();
    await stage.api.call('PUT', `/api/v1/blocks/${id.Hub}`, { token, body: {} });
    const { body } = await stage.get('blocked-network', token);
    expect(body).toMatchObject({ blockedArtists: 1, blockedInGraph: 1, cut: false });
    const items = body.items as Record<string, unknown>[];
    expect(items.map((item) => [(item.artist as { name: string }).name, item.distance, item.band])).toEqual([
      ['Gus', 1, 'close'],
      ['Gil', 1, 'near'],
      ['Lou', 2, 'loose'],
      ['Fay', 2, 'loose'],
    ]);
    expect(items[0]).toMatchObject({
      score: 0.6,
      links: 1,
      because: [
        {
          blockedArtist: { name: 'Hub' },
          via: null,
          tracks: 3,
          roles: { ledByLinked: 2, ledByArtist: 1, bothGuests: 0, produced: 0, written: 0 },
          worth: 0.6,
        },
      ],
    });
    expect(items[2]?.because).toEqual([
      expect.objectContaining({ via: { id: id.Gus, name: 'Gus' }, worth: 0.08 }),
      expect.objectContaining({ via: { id: id.Gil, name: 'Gil' }, worth: 0.044 }),
    ]);
    expect((await stage.get('blocked-network?depth=1&limit=1', token)).body).toMatchObject({
      cut: true,
      items: [{ distance: 1 }],
    });
    const [node] = (await stage.get(`artists/${id.Hub}/network`, token)).body.nodes as { blocked: boolean }[];
    expect(node?.blocked).toBe(true);
    expect((await stage.get('blocked-network')).body).toMatchObject({
      blockedArtists: 0,
      emptyReason: 'nothing_blocked',
    });
  });

  it('binds whatever it is given: nothing that is sent or stored becomes a statement', async () => {
    const found = (await stage.get(`search?query=${encodeURIComponent(evil)}`)).body.items;
    expect(found).toContainEqual(expect.objectContaining({ name: evil, collaborators: 0, tracks: 1, blocked: false }));
    const bad: [string, number][] = [
      [`artists/${id.Hub}/network?depth=4`, 400],
      [`artists/${id.Hub}/network?depth=0`, 400],
      [`artists/${id.Hub}/network?limit=501`, 400],
      [`artists/${id.Hub}/network?limit=NaN`, 400],
      [`paths?from=${id.Hub}`, 400],
      [`paths?from=${id.Hub}&to=${id.Gus}&limit=21`, 400],
      [`paths?from=${id.Hub}&to=${id.Hub?.toUpperCase()}`, 400],
      [`blocked-network?depth=3`, 400],
      ['search?query=', 400],
      ['search?query=%00', 400],
      ...aboutNobody(id.Hub ?? '').map((path): [string, number] => [path, 404]),
    ];
    for (const [path, status] of bad) expect([path, (await stage.get(path)).status]).toEqual([path, status]);
    const { token } = await stage.api.person({ roles: ['admin'], scopes: ['read', 'admin'] });
    const held = await stage.picture();
    const questions = hostileQuestions({ id: id.Hub ?? '', from: id.Hub ?? '', to: id.Gus ?? '' });
    for (const question of questions) {
      const status = question.parameter === 'query' ? 200 : question.parameter === 'id' ? 404 : 400;
      expect([question, await statusOf(stage, token, question)]).toEqual([question, status]);
    }
    expect(new Set(questions.map(({ parameter }) => parameter))).toEqual(
      new Set(['id', 'depth', 'limit', 'cursor', 'from', 'to', 'query', 'full']),
    );
    expect(await stage.picture()).toEqual(held);
    expect(await stage.health()).toMatchObject({ state: 'in_step' });
  });

  it('is synced when an admin asks for it, and for nobody else; who comes meanwhile waits; a worker dies over it', async () => {
    const user = await stage.api.person({ scopes: ['read', 'write'] });
    const admin = await stage.api.person({ roles: ['admin'], scopes: ['read', 'admin'] });
    const ask = (token: string, body: unknown) => stage.api.call('POST', '/api/v1/graph/sync', { token, body });
    expect(await ask(user.token, {})).toMatchObject({ status: 403 });
    expect(await ask(admin.token, { full: evil })).toMatchObject({ status: 400 });
    await stage.em.execute(`update artists set disambiguation = 'changed' where name = 'Hub'`);
    const victim = await startVictim(stage.system);
    const first = await ask(admin.token, {});
    const second = await ask(admin.token, {});
    const full = await ask(admin.token, { full: true });
    expect(first).toMatchObject({ status: 202 });
    expect(second.body.jobId).toBe(first.body.jobId);
    expect(full.body.jobId).not.toBe(first.body.jobId);
    // What it wrote to the graph is there, and what it wrote of that to PostgreSQL is not.
    victim.work({ kind: 'commit', when: 'before', n: 2, label: 'inTurn' });
    await victim.gone;
    const stop = await stage.system.startWorkers();
    for (const { body } of [first, full])
      expect(await stage.system.jobEnd(String(body.jobId))).toMatchObject({ status: 'completed', failure_code: null });
    await stop();
    const job = await stage.api.call('GET', `/api/v1/jobs/${String(full.body.jobId)}`, { token: admin.token });
    expect(job.body).toMatchObject({ type: 'sync_graph', percent: 100, subject: { type: 'graph' } });
    const { items } = (await stage.get('sync?limit=2')).body as { items: { jobId: string; status: string }[] };
    expect(items.map(({ jobId }) => jobId).sort()).toEqual([first.body.jobId, full.body.jobId].map(String).sort());
    expect(await stage.health()).toMatchObject({ state: 'in_step' });
  });
});

/** A full sync of a small catalog has seven batches and the end, one of what changed five and the end. */
const deaths: [full: boolean, kill: KillPoint][] = [true, false].flatMap((full) =>
  (['before', 'after'] as const).flatMap((when) =>
    (full ? [1, 3, 5, 6, 8] : [1, 3, 6]).map((n): [boolean, KillPoint] => [
      full,
      { kind: 'commit', when, n, label: 'inTurn' },
    ]),
  ),
);

(process.env.LONG ? describe : describe.skip)('a process that dies by SIGKILL', () => {
  it.each(deaths.map(([full, kill]) => [full ? 'full' : 'incremental', nameOf(kill), full, kill] as const))(
    'in a %s sync, %s: another goes on, and nothing is missing or doubled',
    async (_mode, _name, full, kill) => {
      await stage.make([{ name: `Of ${nameOf(kill)} ${full}`, by: ['Hub', `New ${nameOf(kill)} ${full}`] }]);
      await stage.em.execute(`update artists set disambiguation = ? where name in ('Hub', 'Gus')`, [newId()]);
      await stage.em.execute(`delete from tracks where id = (select id from tracks order by id limit 1)`);
      const [first, second] = [await startVictim(stage.system), await startVictim(stage.system)];
      let jobId = '';
      try {
        first.work(kill);
        jobId = await stage.ask({ full });
        await first.gone;
        second.work(null);
        expect(await stage.system.jobEnd(jobId)).toMatchObject({ status: 'completed', failure_code: null });
      } finally {
        await second.kill();
      }
      expect(await stage.health()).toMatchObject({ state: 'in_step', pending: 0 });
      const rows = await stage.em.execute(`select status from graph_syncs where job_id = ?`, [jobId]);
      expect(rows).toEqual([{ status: 'completed' }]);
      const held = await stage.picture();
      await stage.empty();
      await stage.sync();
      expect(held).toEqual(await stage.picture());
    },
  );
});

describe('similar artists', () => testSimilar(() => stage));

describe('without Neo4j', () => {
  it('the graph is unavailable, says so, and takes nothing else with it', async () => {
    const away = await startApi({ environment: { ...stage.system.environment, NEO4J_URI: 'bolt://127.0.0.1:1' } });
    const none = await startApi({ environment: { ...stage.system.environment, NEO4J_URI: '' } });
    try {
      const hub = await stage.idOf('Hub');
      const gus = await stage.idOf('Gus');
      for (const api of [away, none]) {
        const { token } = await api.person({ roles: ['admin'], scopes: ['read', 'admin'] });
        const call = (path: string, method = 'GET') =>
          api.call(method, `/api/v1/${path}`, { token, ...(method === 'POST' ? { body: {} } : {}) });
        for (const path of [
          'graph/stats',
          'graph/search?query=hub',
          'graph/blocked-network',
          `graph/paths?from=${hub}&to=${gus}`,
          `graph/artists/${hub}/network`,
          `graph/artists/${hub}/collaborators`,
        ])
          expect(await call(path)).toMatchObject({ status: 503, body: { code: 'graph_unavailable', retryable: true } });
        expect(await call('graph/sync', 'POST')).toMatchObject({ status: 503, body: { code: 'graph_unavailable' } });
        expect(await call(`graph/artists/${newId()}/network`)).toMatchObject({ status: 404 });
        expect(await call('graph/health')).toMatchObject({ status: 200, body: { state: 'away', drift: null } });
        expect(await call('graph/sync')).toMatchObject({ status: 200 });
        expect(await call(`artists/${hub}`)).toMatchObject({ status: 200 });
        const ready = await api.call('GET', '/readyz');
        expect(ready).toMatchObject({ status: 200, body: { status: 'degraded' } });
        expect(ready.body.engines).toContainEqual(expect.objectContaining({ name: 'neo4j', status: 'down' }));
      }
      const idle = await stage.activitiesOn(null).beginGraphSync({ syncId: newId(), jobId: null, full: false });
      expect(idle).toEqual({ state: 'idle' });
    } finally {
      await Promise.all([away.close(), none.close()]);
    }
  });
});

(process.env.LONG ? describe : describe.skip)('a library of a catalog that nobody here knows', () => testWalk());
