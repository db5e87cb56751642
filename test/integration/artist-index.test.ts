import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIndexActivities, type IndexPlace, type IndexTask } from '../../activities/index-artists';
import { lookForDoubles } from '../../activities/index-artists/looking';
import { indexedTables } from '../../adapters/catalog-index/tables';
import { artistCandidates, artistNameTable } from '../../adapters/lancedb/artists';
import { VectorDatabase } from '../../adapters/lancedb/database';
import { schemaOf } from '../../adapters/lancedb/table-definition';
import { keepState, readState } from '../../adapters/lancedb/table-states';
import { styleTable } from '../../adapters/lancedb/styles';
import { VectorTable } from '../../adapters/lancedb/vector-table';
import { rememberArtists, rememberTracks } from '../../adapters/postgres/catalog';
import { keepPlace, openStretch } from '../../adapters/postgres/feed-stretches';
import { newId } from '../../adapters/postgres/ids';
import { creditsOnTracks } from '../../adapters/postgres/imported-credits';
import { takeRecordings } from '../../adapters/postgres/imported-recordings';
import type { EntityManager } from '../../adapters/postgres/orm';
import { nameKey } from '../../domain/name-keys';
import { foldName } from '../../domain/names';
import { startApi, type ApiUnderTest } from './api/api-under-test';

jest.setTimeout(120_000);

let api: ApiUnderTest;
let reader: string;
const table = artistNameTable.name;
const em = (): EntityManager => api.deps.orm.em.fork();
const names = () => new VectorTable(api.deps.vectors, artistNameTable);

beforeAll(async () => {
  api = await startApi();
  reader = (await api.person()).token;
});
afterAll(() => api?.close());

const indexDeps = (vectors = api.deps.vectors) => ({
  orm: api.deps.orm,
  vectors,
  tables: indexedTables(api.config.styleModel),
});
const activities = (vectors = api.deps.vectors) => createIndexActivities(indexDeps(vectors));

const begin = (runId = newId(), full = false) => activities().beginIndexing({ runId, jobId: null, full });

/** A run as its workflow has it, by the clock; null where there is nothing to do. */
async function index(full = false): Promise<IndexTask | null> {
  const begun = await begin(newId(), full);
  if (begun.state === 'busy') throw new Error('Another run has its turn.');
  if (begun.state !== 'begun') return null;
  await finish(begun.task);
  return begun.task;
}

async function finish(task: IndexTask): Promise<void> {
  const counts = { written: 0, removed: 0, merged: 0, queued: 0 };
  let place: IndexPlace | null = null;
  do {
    const { did, next } = await activities().indexSlice({ task, place });
    for (const kind of Object.keys(counts) as (keyof typeof counts)[]) counts[kind] += did[kind];
    place = next;
  } while (place !== null);
  await activities().finishIndexing({ task, counts, failureCode: null });
}

interface Health {
  state: string;
  tables:
    | {
        table: string;
        rows: number;
        expected: number;
        pending: number;
        rebuilt: { reason: string } | null;
        failure: { code: string } | null;
      }[]
    | null;
  lastRun: { tables: { table: string; mode: string; reason: string }[]; counts: { written: number; removed: number } };
}

async function health(): Promise<Health> {
  return (await api.call('GET', '/api/v1/artist-index', { token: reader })).body as unknown as Health;
}

const nameTask = (task: { tables: { table: string; mode: string; reason: string }[] } | null) =>
  task?.tables.find((one) => one.table === table);
const nameReport = async () => (await health()).tables?.find((one) => one.table === table);

async function make(artists: readonly string[]): Promise<Map<string, string>> {
  return rememberArtists(
    em(),
    'spotify',
    artists.map((name) => ({ providerId: name.replaceAll(' ', ''), name })),
  );
}

async function alias(artistId: string, name: string): Promise<void> {
  await em().execute(
    `insert into artist_aliases (artist_id, name, locale, source, folded_name, name_key) values (?, ?, '', 'test', ?, ?)`,
    [artistId, name, foldName(name), nameKey(name)],
  );
}

/** Every row's id, as often as it is there. */
async function rowIds(): Promise<string[]> {
  const rows = await api.deps.vectors.with(table, (one) => one.query().select(['id']).toArray());
  return (rows as { id: string }[]).map(({ id }) => id).sort();
}

test('is empty at first and says so; then it has everybody, and then what changed', async () => {
  expect(await health()).toMatchObject({ state: 'empty', lastRun: null });
  const made = await make(['Sigur Rós', 'Björk', 'Gone Girl']);
  const [sigur = '', bjork = '', gone = ''] = [...made.values()];
  await alias(sigur, 'Victory Rose');
  expect(nameTask(await index())).toMatchObject({ mode: 'anew', reason: 'first' });
  expect(await health()).toMatchObject({ state: 'in_step', lastRun: { status: 'completed', failure: null } });
  expect(await nameReport()).toMatchObject({ rows: 4, expected: 4, pending: 0, rebuilt: { reason: 'first' } });
  expect(await artistCandidates(names(), 'victory rose')).toContain(sigur);
  expect(await index()).toBeNull();

  await em().execute(`update artists set name = 'Guðmundsdóttir', name_key = 'gudmundsdottir' where id = ?`, [bjork]);
  await em().execute(`delete from artist_aliases`);
  await em().execute(`delete from artists where id = ?`, [gone]);
  const [late = ''] = [...(await make(['Late Comer'])).values()];
  expect(await health()).toMatchObject({ state: 'behind' });
  expect(nameTask(await index())).toMatchObject({ mode: 'incremental', reason: 'schedule', owners: 4 });
  expect(await rowIds()).toEqual([sigur, bjork, late].map((id) => `${id}:0`).sort());
  expect((await artistCandidates(names(), 'gudmundsdottir'))[0]).toBe(bjork);
  expect(await health()).toMatchObject({
    state: 'in_step',
    lastRun: { counts: { written: 3, removed: 2, merged: 0, queued: 0 } },
  });
});

test('places artists by their genres too, as those change', async () => {
  const [mc = '', diva = ''] = [...(await make(['An MC', 'A Diva'])).values()];
  const genre = (artistId: string, name: string) =>
    em().execute(`insert into artist_genres (artist_id, genre, source) values (?, ?, 'test')`, [artistId, name]);
  const styles = new VectorTable(api.deps.vectors, styleTable(api.config.styleModel));
  const placed = async () => [...(await styles.vectorsOf([mc, diva])).keys()].sort();
  await genre(mc, 'trap');
  await genre(diva, 'opera');
  await index();
  expect(await placed()).toEqual([mc, diva].sort());

  await em().execute(`delete from artist_genres where artist_id = ?`, [mc]);
  await genre(diva, 'bel canto');
  expect(await health()).toMatchObject({ state: 'behind' });
  const before = (await styles.vectorsOf([diva])).get(diva);
  await index();
  expect(await placed()).toEqual([diva]);
  expect((await styles.vectorsOf([diva])).get(diva)).not.toEqual(before);
  await em().execute(`delete from artists where id in (?, ?)`, [mc, diva]);
  await index();
  expect(await styles.count()).toBe(0);
  expect(await health()).toMatchObject({ state: 'in_step' });
});

test('waits for no transaction that is open elsewhere, and takes over what it commits afterwards', async () => {
  const [late = ''] = (await make(['Opener'])).values();
  await index();
  const open = em();
  await open.begin();
  await open.execute(`update artists set name = 'Committed Late', name_key = 'committed late' where id = ?`, [late]);
  await make(['Meanwhile']);
  expect(nameTask(await index())).toMatchObject({ mode: 'incremental', owners: 1 });
  expect(await health()).toMatchObject({ state: 'in_step' });
  await open.commit();
  expect(await nameReport()).toMatchObject({ pending: 1 });
  expect(nameTask(await index())).toMatchObject({ mode: 'incremental', owners: 1 });
  expect((await artistCandidates(names(), 'committed late'))[0]).toBe(late);
  await em().execute(`delete from artists where name in ('Committed Late', 'Meanwhile')`);
  await index();
});

test('goes on from the number of a transaction, which is what a table and a run said before snapshots', async () => {
  const state = await readState(api.deps.vectors, table);
  const [row] = await em().execute<{ forgotten: string }[]>(
    `update catalog_feeds set forgotten = concat(n, ':', n, ':')::pg_snapshot from (select pg_snapshot_xmin(pg_current_snapshot())::text as n) now
     where reader = 'index' returning forgotten::text`,
  );
  const first = (snapshot: string | null) => snapshot?.split(':')[0] ?? null;
  const [late = ''] = (await make(['After the Number'])).values();
  if (state) await keepState(api.deps.vectors, table, { ...state, watermark: first(row?.forgotten ?? '') ?? '' });
  expect((await nameReport())?.pending).toBeGreaterThan(0);
  const begun = await begin();
  if (begun.state !== 'begun') throw new Error(begun.state);
  const { task } = begun;
  await finish({
    ...task,
    until: first(task.until) ?? '',
    tables: task.tables.map((one) => ({ ...one, from: first(one.from) })),
  });
  expect(nameTask(task)).toMatchObject({ mode: 'incremental' });
  await index();
  expect(await health()).toMatchObject({ state: 'in_step' });
  expect((await artistCandidates(names(), 'after the number'))[0]).toBe(late);
  await em().execute(`delete from artists where name = 'After the Number'`);
  await index();
});

test('has names all the same where styles cannot be made, and says why those are not', async () => {
  const usual = api.config.styleModel;
  const path = join(tmpdir(), `dnp-words-${newId()}.txt`);
  const styles = async () => (await health()).tables?.find((one) => one.table === 'artist_styles');
  const tablesOf = (task: IndexTask | null) => task?.tables.map((one) => one.table);
  Object.assign(api.config, { styleModel: { name: 'tiny', dimensions: 2, path } });
  const [made = ''] = [...(await make(['A Crooner'])).values()];
  await em().execute(`insert into artist_genres (artist_id, genre, source) values (?, 'swing', 'test')`, [made]);
  await index();
  expect(await nameReport()).toMatchObject({ pending: 0, failure: null });
  expect(await rowIds()).toContain(`${made}:0`);
  const code = 'style_model_unreadable';
  expect(await styles()).toMatchObject({ rows: 0, expected: 1, failure: { code } });
  expect(await health()).toMatchObject({ state: 'failing', lastRun: { status: 'failed', failure: { code } } });

  const [late = ''] = [...(await make(['Another Crooner'])).values()];
  expect(tablesOf(await index())).not.toContain('artist_styles');
  expect(await rowIds()).toContain(`${late}:0`);
  expect(await health()).toMatchObject({ state: 'failing', lastRun: { status: 'completed' } });

  writeFileSync(path, 'swing 1 0\njazz 0.9 0.1\n');
  await em().execute(`update index_runs set started_at = started_at - interval '11 minutes'`);
  expect(tablesOf(await index())).toContain('artist_styles');
  expect(await styles()).toMatchObject({ rows: 1, failure: null });
  expect((await health()).state).toBe('in_step');
  rmSync(path);
  Object.assign(api.config, { styleModel: usual });
  await em().execute(`delete from artists where id in (?, ?)`, [made, late]);
  await index();
  expect((await health()).state).toBe('in_step');
});

test('goes on after it was killed in the middle, and no row is there twice', async () => {
  const made = await make(Array.from({ length: 1_010 }, (_, at) => `Singer ${at}`));
  for (const id of [...made.values()].slice(0, 40)) await alias(id, `Also ${id}`);
  // As if it had been looked for their doubles already.
  await em().execute(`update catalog_feeds set watermark = pg_current_snapshot() where reader = 'links'`);
  const task = await begin(newId(), true);
  if (task.state !== 'begun') throw new Error(task.state);
  for (const nth of [1, 2, 3]) {
    const dying = dyingAt(nth);
    await expect(activities(dying).indexSlice({ task: task.task, place: null })).rejects.toThrow('killed');
    dying.close();
  }
  await finish(task.task);
  const ids = await rowIds();
  expect(new Set(ids).size).toBe(ids.length);
  expect(await nameReport()).toMatchObject({ rows: ids.length, expected: ids.length });
  expect((await health()).state).toBe('in_step');
  await em().execute(`delete from artists where name like 'Singer %'`);
  expect(nameTask(await index())).toMatchObject({ mode: 'incremental' });
  expect(await nameReport()).toMatchObject({ rows: 3, expected: 3 });
});

/** An index at whose `nth` use the process dies: nothing after it happens. */
function dyingAt(nth: number): VectorDatabase {
  const database = new VectorDatabase(api.config.lancedbUri);
  const work = database.with.bind(database);
  let uses = 0;
  database.with = (name, step) => {
    uses += 1;
    return uses > nth ? Promise.reject(new Error('killed')) : work(name, step);
  };
  return database;
}

test('lets a second one wait, and one that was taken for dead write nothing more', async () => {
  await make(['First Comer']);
  const slow = await begin();
  if (slow.state !== 'begun') throw new Error(slow.state);
  expect(await begin()).toEqual({ state: 'busy' });
  await em().execute(`update catalog_feeds set held_until = now() - interval '1 second' where reader = 'index'`);
  expect(nameTask(await index())).toMatchObject({ mode: 'incremental' });
  const before = await rowIds();
  await em().execute(`update artists set name = 'Renamed' where name = 'First Comer'`);
  await expect(activities().indexSlice({ task: slow.task, place: null })).rejects.toMatchObject({
    type: 'index_run_overtaken',
  });
  await activities().finishIndexing({
    task: slow.task,
    counts: { written: 0, removed: 0, merged: 0, queued: 0 },
    failureCode: 'index_run_overtaken',
  });
  expect(await rowIds()).toEqual(before);
  await index();
  expect(await health()).toMatchObject({ state: 'in_step' });
});

test.each([
  ['missing', 'empty', () => rmSync(api.config.lancedbUri, { recursive: true })],
  ['missing', 'empty', () => rmSync(join(api.config.lancedbUri, `${table}.lance`), { recursive: true })],
  ['damaged', 'damaged', () => rmSync(join(api.config.lancedbUri, `${table}.lance`, '_versions'), { recursive: true })],
  ['damaged', 'in_step', () => overwriteAll(join(api.config.lancedbUri, `${table}.lance`, 'data'))],
])('is made anew where it is %s, and says so', async (reason, state, harm) => {
  const before = (await nameReport())?.rows;
  harm();
  await em().execute(`update catalog_feeds set compared_at = null`);
  expect((await health()).state).toBe(state);
  expect(nameTask(await index())).toMatchObject({ mode: 'anew', reason });
  expect(await health()).toMatchObject({ state: 'in_step' });
  expect(await nameReport()).toMatchObject({ rows: before, rebuilt: { reason } });
});

function overwriteAll(folder: string): void {
  for (const name of readdirSync(folder)) writeFileSync(join(folder, name), 'not a table');
}

test('is made anew where its rows have another shape, and where it holds another catalog', async () => {
  await api.deps.vectors.drop(table);
  await api.deps.vectors.make(table, () => schemaOf({ ...artistNameTable, dimensions: 8 }));
  expect((await health()).state).toBe('damaged');
  expect(nameTask(await index())).toMatchObject({ mode: 'anew', reason: 'other_shape' });
  await em().execute(`update catalog_feeds set catalog_id = gen_random_uuid() where reader = 'index'`);
  expect(nameTask(await index())).toMatchObject({ mode: 'full', reason: 'other_catalog' });
  expect(await health()).toMatchObject({ state: 'in_step' });
});

test('sees by the clock that counts differ with nothing left to take over, and mends that', async () => {
  const [some = ''] = await rowIds();
  await api.deps.vectors.with(table, (one) => one.delete(`id = '${some}'`));
  expect(await health()).toMatchObject({ state: 'drifted' });
  expect(await index()).toBeNull();
  await em().execute(`update catalog_feeds set compared_at = null`);
  expect(nameTask(await index())).toMatchObject({ mode: 'full', reason: 'drift' });
  expect(await health()).toMatchObject({ state: 'in_step' });
});

describe('whom names mean', () => {
  const resolve = async (artists: object[]) =>
    (await api.call('POST', '/api/v1/artists/resolve', { token: reader, body: { artists } })).body as unknown as {
      items: {
        band: string;
        by: string;
        score: number | null;
        artist: { id: string } | null;
        doubt: string | null;
        candidates: {
          artist: { id: string; name: string };
          score: number;
          evidence: { subject: string; odds: number }[];
        }[];
      }[];
      index: { searched: boolean; leftOut: string | null };
    };
  const isrc = 'ISAAA0500001';
  let boards: string;
  let other: string;

  beforeAll(async () => {
    await rememberTracks(em(), 'spotify', [
      {
        uri: 'spotify:track:roygbiv',
        name: 'Roygbiv',
        durationMs: 151_000,
        isrc,
        artists: [{ providerId: 'boardsofcanada', name: 'Boards of Canada' }],
        album: null,
      },
    ]);
    await make(['Кино', 'Namesake', 'Board of Canadians']);
    await em().execute(
      `insert into artists (id, name, folded_name, name_key) values (?, 'Namesake', 'namesake', 'namesake')`,
      [newId()],
    );
    await index();
    const id = async (name: string) =>
      (await em().execute<{ id: string }[]>(`select id from artists where name = ?`, [name]))[0]?.id ?? '';
    [boards, other] = [await id('Boards of Canada'), await id('Board of Canadians')];
  });

  test('is said by ids, by evidence with each feature, or by nothing, in the order of the questions', async () => {
    const { items, index: how } = await resolve([
      { name: 'Whoever', providerIds: { spotify: ['boardsofcanada'] } },
      { name: 'BOARDS OF CANADA!', isrcs: ['IS-AAA-05-00001'], titles: ['Roygbiv'] },
      { name: 'Boards of Canada' },
      { name: 'Kino' },
      { name: 'Namesake' },
      { name: 'Quux Zzyzx' },
      { name: 'Both', providerIds: { spotify: ['boardsofcanada', 'BoardofCanadians'] } },
    ]);
    expect(how).toEqual({ searched: true, leftOut: null });
    expect(items.map(({ band, by, artist }) => [band, by, artist?.id ?? null])).toEqual([
      ['accept', 'provider_id', boards],
      ['accept', 'evidence', boards],
      ['review', 'evidence', null],
      ['review', 'evidence', null],
      ['review', 'evidence', null],
      ['new', 'evidence', null],
      ['review', 'provider_id', null],
    ]);
    const [, shared, alone, kino, namesake, , both] = items;
    expect(shared?.candidates[0]?.evidence.find(({ subject }) => subject === 'recordings')?.odds).toBeGreaterThan(1);
    expect(alone?.candidates.map(({ artist }) => artist.id)).toEqual(expect.arrayContaining([boards, other]));
    expect(kino?.candidates[0]?.artist.name).toBe('Кино');
    expect(namesake?.candidates.map(({ artist }) => artist.name).slice(0, 2)).toEqual(['Namesake', 'Namesake']);
    expect(both).toMatchObject({ doubt: 'ids_disagree' });
  });

  test.each([
    [{ artists: [] }],
    [{ artists: Array.from({ length: 101 }, () => ({ name: 'a' })) }],
    [{ artists: [{ name: '' }] }],
    [{ artists: [{ name: 'a', isrcs: ['x'] }] }],
    [{ artists: [{ name: 'a', userId: 'b' }] }],
  ])('is not answered where the question is none', async (body) => {
    expect((await api.call('POST', '/api/v1/artists/resolve', { token: reader, body })).status).toBe(400);
  });

  test('takes any text for a text', async () => {
    const { items } = await resolve([
      { name: `' or 1=1; --`, titles: [`"*' AND`], isrcs: [isrc] },
      { name: 'AND OR NOT "(' },
    ]);
    expect(items.map(({ artist }) => artist)).toEqual([null, null]);
  });

  test('is answered without the index too, and says so', async () => {
    rmSync(api.config.lancedbUri, { recursive: true });
    const { items, index: how } = await resolve([{ name: 'Boards of Canada', isrcs: [isrc] }, { name: 'Kino' }]);
    expect(how).toEqual({ searched: false, leftOut: 'missing' });
    expect(items.map(({ band, artist }) => [band, artist?.id ?? null])).toEqual([
      ['accept', boards],
      ['new', null],
    ]);
    await index();
  });
});

test('makes artists of two providers one where evidence says so, asks where only a name does, and once', async () => {
  const credit = (provider: string, name: string) => ({ providerId: `${provider}-${name}`, name });
  const sing = (provider: 'spotify' | 'apple_music', name: string, isrc: string | null, ...singers: string[]) =>
    rememberTracks(em(), provider, [
      {
        uri: `${provider}:track:${name}${singers[0]}`.replaceAll(' ', ''),
        name,
        durationMs: 200_000,
        isrc,
        artists: singers.map((singer) => credit(provider, singer)),
        album: null,
      },
    ]);
  const merges = () => em().execute<object[]>(`select state, band, score, evidence from artist_merges order by id`);
  const before = (await merges()).length;
  await sing('spotify', 'Rà-àkõ-st', 'NOAAA0600002', 'Lindstrøm', 'Lindstrøm Trio');
  await sing('apple_music', 'Ra-ako-st', 'NO-AAA-06-00002', 'LINDSTROM');
  await sing('spotify', 'Lonely', 'USAAA0600003', 'Twin of Somebody');
  await sing('apple_music', 'Quite Another', 'USAAA0600004', 'Twin of Somebody');
  await sing('spotify', 'Third', 'USAAA0600005', 'Same House');
  await rememberArtists(em(), 'spotify', [{ providerId: 'another-same-house', name: 'Same House' }]);
  await index();
  expect((await health()).lastRun.counts).toMatchObject({ merged: 1, queued: 1 });
  const known = async (name: string) =>
    em().execute<{ id: string; ids: string[] }[]>(
      `select a.id, array(select provider_id from artist_provider_ids i where i.artist_id = a.id order by 1) as ids
       from artists a where name ilike ?`,
      [name],
    );
  expect(await known('lindstr_m')).toMatchObject([{ ids: ['apple_music-LINDSTROM', 'spotify-Lindstrøm'] }]);
  expect(await known('Lindstrøm Trio')).toHaveLength(1);
  expect(await known('Twin of Somebody')).toHaveLength(2);
  expect(await known('Same House')).toHaveLength(2);
  const asked = await merges();
  expect(asked.slice(before)).toMatchObject([
    { state: 'applied', band: 'accept' },
    { state: 'pending', band: 'review' },
  ]);
  await index();
  await em().execute(`update artists set image_url = 'https://img.example.test/1'`);
  await index();
  expect(await merges()).toEqual(asked);
  expect(await health()).toMatchObject({ state: 'in_step' });
});

test('looks once for doubles of everybody, whoever has not changed since', async () => {
  const [one = '', other = ''] = [
    ...(await make(['Sleeping Twin'])).values(),
    ...(await rememberArtists(em(), 'apple_music', [{ providerId: 'a-twin', name: 'Sleeping Twin' }])).values(),
  ];
  const proposed = () =>
    em().execute(`select state from artist_merges where artist_id in (?, ?) and other_id in (?, ?)`, [
      ...[one, other],
      ...[one, other],
    ]);
  const seen = (watermark: string) =>
    em().execute(`update catalog_feeds set watermark = ${watermark} where reader = 'links'`);
  await seen('pg_current_snapshot()');
  await index();
  expect(await proposed()).toEqual([]);
  await seen('null');
  await index();
  expect(await proposed()).toEqual([{ state: 'pending' }]);
  expect(await index()).toBeNull();
});

test('goes on with looking for doubles where the run before left off', async () => {
  const place = () =>
    em().execute(
      `select look, look_after as after from catalog_feeds where reader = 'links' and looking_until is not null`,
    );
  const [one = ''] = (await make(['Left Behind'])).values();
  await rememberArtists(em(), 'apple_music', [{ providerId: 'a-behind', name: 'Left Behind' }]);
  const proposed = () =>
    em().execute(`select state from artist_merges where artist_id = ? or other_id = ?`, [one, one]);
  const begun = await begin();
  if (begun.state !== 'begun') throw new Error(begun.state);
  // A worker that is about to end leaves all of it to the next run.
  expect(await lookForDoubles(indexDeps(), begun.task, AbortSignal.abort())).toMatchObject({ merged: 0, queued: 0 });
  expect(await place()).toEqual([{ look: 'artists', after: null }]);
  // Behind whatever id there is: nobody is left to be looked at.
  const last = 'ffffffff-ffff-4fff-bfff-ffffffffffff';
  await keepPlace(em(), { ...(await openStretch(em(), begun.task.until)), after: last });
  await finish(begun.task);
  expect(await proposed()).toEqual([]);
  await index();
  expect([await place(), await proposed()]).toEqual([[], []]);
  await alias(one, 'Behind, Left');
  await index();
  expect(await proposed()).toEqual([{ state: 'pending' }]);
});

(process.env.LONG ? test : test.skip)('looks at everything where more has changed than is kept', async () => {
  await em().execute(
    `insert into catalog_changes (kind, subject_id) select 'artist', gen_random_uuid() from generate_series(1, 1000000)`,
  );
  const fail = () => activities().failIndexing({ runId: newId(), jobId: null, failureCode: 'index_away' });
  await fail();
  await make(['One More']);
  expect(nameTask(await index())).toMatchObject({ mode: 'full', reason: 'too_far_behind' });
  expect(await health()).toMatchObject({ state: 'in_step' });
  await fail();
  expect(await index()).toBeNull();
});

describe('recordings that several sources have', () => {
  type Match = {
    id: string;
    state: string;
    means: string;
    doubts: string[];
    inEffect: boolean;
    recordings: { id: string }[];
  };
  let moderator: string;
  const matches = async (query = '') =>
    (await api.call('GET', `/api/v1/recording-matches?limit=50${query}`, { token: moderator })).body
      .items as unknown as Match[];
  const decide = async (id: string, decision: string, token = moderator) =>
    api.call('POST', `/api/v1/recording-matches/${id}/${decision}`, { token });
  const idOf = async (table: 'tracks' | 'recordings', name: string) =>
    (await em().execute<{ id: string }[]>(`select id from ${table} where name = ?`, [name]))[0]?.id ?? '';
  const between = async (one: string, other: string) =>
    (await matches(`&of=${one}`)).find(({ recordings }) => recordings.some(({ id }) => id === other));
  const sing = (
    provider: 'spotify' | 'apple_music',
    uri: string,
    name: string,
    more: { isrc?: string; ms?: number } = {},
  ) =>
    rememberTracks(em(), provider, [
      {
        uri,
        name,
        durationMs: more.ms ?? 180_000,
        isrc: more.isrc ?? null,
        artists: [{ providerId: 'sinkhole', name: 'Sinkhole' }],
        album: { uri: `${uri}:album`, name: 'Groping for Trout', imageUrl: null, releaseDate: '1993', artists: [] },
      },
    ]);
  const bring = (sourceId: string, name: string, isrcs: string[] = []) =>
    em().transactional((tx) =>
      takeRecordings(tx, 'sleeves', [
        {
          seq: 0,
          entry: {
            name,
            recordings: [
              {
                sourceId,
                name,
                durationMs: 180_500,
                isrcs,
                uris: [],
                credits: [
                  { role: 'performer', name: 'SINKHOLE', id: null },
                  { role: 'writer', name: 'Wil', id: { provider: 'spotify', value: 'wil' } },
                ],
              },
            ],
          },
        },
      ]),
    );
  const writers = async (id: string) => (await creditsOnTracks(em(), [id])).get(id)?.map(({ name }) => name) ?? [];
  let [remaster, wreck, told] = ['', '', ''];

  beforeAll(async () => {
    moderator = (await api.person({ roles: ['moderator'], scopes: ['read', 'write', 'moderate'] })).token;
    const [sinkhole = ''] = [
      ...(await rememberArtists(em(), 'spotify', [{ providerId: 'sinkhole', name: 'Sinkhole' }])).values(),
    ];
    await rememberArtists(em(), 'spotify', [{ providerId: 'wil', name: 'Wil' }]);
    await em().execute(
      `insert into artist_provider_ids (provider, provider_id, artist_id) values ('apple_music', 'sinkhole', ?)`,
      [sinkhole],
    );
    await sing('spotify', 'spotify:track:wreck', 'Wreck on the Highway - 2011 Remaster', { ms: 180_700 });
    await sing('spotify', 'spotify:track:wreck-live', 'Wreck on the Highway - Live');
    await sing('spotify', 'spotify:track:part-1', 'Trout, Pt. 1', { isrc: 'QZ-AAA-11-00001' });
    await sing('apple_music', 'apple-music:song:1', 'Wreck on the Highway');
    await bring('1', 'Wreck on teh Highway');
    await bring('2', 'Trout, Pt. 2', ['QZAAA1100001']);
    await index();
    remaster = await idOf('tracks', 'Wreck on the Highway - 2011 Remaster');
    wreck = await idOf('tracks', 'Wreck on the Highway');
    told = await idOf('recordings', 'Wreck on teh Highway');
  });

  test('are linked by title, artist, album and length, and asked about where something is unlike', async () => {
    expect(await between(remaster, wreck)).toMatchObject({
      state: 'accepted',
      means: 'linkage',
      doubts: [],
      inEffect: true,
    });
    expect(await between(wreck, told)).toMatchObject({ state: 'pending', doubts: ['words'], inEffect: false });
    const [part1, part2] = [await idOf('tracks', 'Trout, Pt. 1'), await idOf('recordings', 'Trout, Pt. 2')];
    expect(await between(part1, part2)).toMatchObject({
      state: 'pending',
      means: 'isrc',
      doubts: ['number'],
      inEffect: true,
    });
    expect(await matches(`&of=${await idOf('tracks', 'Wreck on the Highway - Live')}`)).toEqual([]);
    expect((await matches('&state=accepted&means=linkage')).length).toBe(1);
    expect((await api.call('GET', '/api/v1/recording-matches', { token: reader })).status).toBe(403);
    const before = await matches();
    await em().execute(`update tracks set duration_ms = duration_ms where name like 'Wreck%'`);
    await index();
    expect(await matches()).toEqual(before);
  });

  test('count as a moderator says, who may take it back; the machine does not ask again', async () => {
    const id = (await between(wreck, told))?.id ?? '';
    expect(await writers(wreck)).toEqual([]);
    expect((await decide(id, 'approve', reader)).status).toBe(403);
    expect((await decide(newId(), 'approve')).status).toBe(404);
    expect((await decide(id, 'approve')).body).toMatchObject({ state: 'accepted', inEffect: true });
    expect(await writers(wreck)).toEqual(['Wil']);
    expect((await decide(id, 'reject')).body).toMatchObject({ state: 'rejected', inEffect: false });
    await em().execute(`update recordings set name = 'Wreck on the Highway' where id = ?`, [told]);
    await index();
    expect(await between(wreck, told)).toMatchObject({ id, state: 'rejected' });
    expect(await writers(wreck)).toEqual([]);
    expect((await decide(id, 'undo')).body).toMatchObject({ state: 'pending', decidedAt: null });
    await em().execute(`update recordings set name = 'Wreck on the Highway' where id = ?`, [told]);
    await index();
    expect(await between(wreck, told)).toMatchObject({ id, state: 'accepted' });
    expect(await writers(wreck)).toEqual(['Wil']);
    await em().execute(`update recordings set name = 'Wreck on the Highway, Pt. 2' where id = ?`, [told]);
    await index();
    expect(await between(wreck, told)).toBeUndefined();
    expect(await writers(wreck)).toEqual([]);

    const part1 = await idOf('tracks', 'Trout, Pt. 1');
    const [shared] = await matches(`&of=${part1}`);
    expect(await writers(part1)).toEqual(['Wil']);
    await decide(shared?.id ?? '', 'reject');
    expect(await writers(part1)).toEqual([]);
    const events = await em().execute<{ event: string }[]>(
      `select event from audit_entries where subject_id = ? order by id`,
      [id],
    );
    expect(events.map(({ event }) => event)).toEqual(
      ['approve', 'reject', 'undo'].map((one) => `recording_match.${one}`),
    );
  });
});

test('is away where it cannot be reached, and only the index is', async () => {
  const { vectors } = api.deps;
  const nowhere = join(api.config.lancedbUri, 'a-file');
  writeFileSync(nowhere, '');
  api.deps.vectors = new VectorDatabase(join(nowhere, 'below'));
  expect(await health()).toMatchObject({ state: 'away', tables: null });
  await expect(begin()).rejects.toMatchObject({ type: 'index_away' });
  api.deps.vectors = vectors;
  await em().execute(`update catalog_feeds set holder = null`);
});
