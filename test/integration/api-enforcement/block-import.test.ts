import { createBlockImportActivities } from '../../../activities/block-imports';
import { addAliases } from '../../../adapters/postgres/artist-aliases';
import { rememberArtists } from '../../../adapters/postgres/catalog';
import { newId } from '../../../adapters/postgres/ids';
import { allPages, itemsOf, outcome, startHarness, unknownId, type Caller, type Harness } from './harness';

let harness: Harness;
let person: Caller;
beforeAll(async () => {
  harness = await startHarness();
});
beforeEach(async () => {
  person = await harness.person();
});
afterAll(() => harness.api.close());

type Body = Record<string, unknown>;
type Upload = { type?: string; headers?: Record<string, string> };

const upload = (query: string, raw: string | Uint8Array, { type = 'text/csv', headers = {} }: Upload = {}) =>
  person.upload(`blocks/import?${query}`, raw, { 'content-type': type, ...headers });
const json = (value: unknown) => [JSON.stringify(value), { type: 'application/json' }] as const;

/** What the workflow does. */
async function carryOut(started: { body: Body }) {
  const input = { importId: String(started.body.importId), jobId: String(started.body.jobId) };
  const activities = createBlockImportActivities({ orm: harness.api.deps.orm });
  while ((await activities.importSlice(input)).more);
  await activities.finishImport({ ...input, failureCode: null });
  return input.importId;
}
async function imported(query: string, raw: string, options?: Upload) {
  const started = await upload(query, raw, options);
  if (started.status !== 202) throw new Error(JSON.stringify(started.body));
  return carryOut(started);
}
const summary = async (id: string) => (await person.get(`blocks/imports/${id}`)).body;
const rowsOf = async (id: string) =>
  (await allPages(person, `blocks/imports/${id}/rows`, 2)).map(({ row, outcome: came, reason }) => [
    row,
    came,
    ...(reason ? [reason] : []),
  ]);
const blocked = async () =>
  (await allPages(person, 'blocks', 100)).map((block) => (block.artist as { name: string }).name).sort();
let names = 0;
const fresh = (name: string) => `${name} ${(names += 1)}`;

describe('a file of blocks', () => {
  it.each(['csv', 'json'] as const)('that was exported as %s imports to the same list', async (format) => {
    const [one, two] = [
      await harness.rows.artist(fresh('=Tvä; "A"'), fresh('sp').replace(' ', '')),
      await harness.rows.artist(fresh('B')),
    ];
    const other = await harness.person();
    await other.send('PUT', `blocks/${one}`, {
      note: '@me, "you";\nthem',
      tags: ['x;y', '-z'],
      expiresAt: '2040-01-01T00:00:00Z',
      onExpiry: 'restore',
    });
    await other.send('PUT', `blocks/${two}`, {});
    const file = (await other.get(`blocks/export?format=${format}`)).text;
    const id = await imported('mode=replace', file, { type: format === 'csv' ? 'text/csv' : 'application/json' });
    expect(await summary(id)).toMatchObject({ status: 'completed', total: 2, counts: { created: 2 } });
    const said = async (who: Caller) =>
      (await allPages(who, 'blocks', 10))
        .map(({ artistId, note, tags, expiresAt, onExpiry }) => ({ artistId, note, tags, expiresAt, onExpiry }))
        .sort((a, b) => (String(a.artistId) < String(b.artistId) ? -1 : 1));
    expect(await said(person)).toEqual(await said(other));
    const again = await imported('mode=replace', file, { type: format === 'csv' ? 'text/csv' : 'application/json' });
    expect(await summary(again)).toMatchObject({ counts: { unchanged: 2 } });
  });

  it('names artists by id or by a name that is one artist’s; what is in doubt is left to the person', async () => {
    const [only, twice] = [fresh('Sigur Rós'), fresh('Twins')];
    const spotify = `sp${(names += 1)}`;
    const onlyId = await harness.rows.artist(only);
    const [, second] = [await harness.rows.artist(twice), await harness.rows.artist(twice.toUpperCase())];
    await harness.rows.artist(fresh('By Id'), spotify);
    const lines = [
      'name,spotify,tags',
      `${only.replace('ó', 'o').toLowerCase()}!,,a`,
      `${twice},,b`,
      `Whatever,${spotify},`,
      `${only},nobody,`,
      `Nobody At All ${names},,`,
      `${onlyId},,`,
      `${only},,`,
      ',,x',
      '',
    ];
    const id = await imported('', lines.join('\r\n'));
    expect(await rowsOf(id)).toEqual([
      [2, 'created'],
      [3, 'needs_review', 'several_artists'],
      [4, 'created'],
      [5, 'needs_review', 'id_unknown'],
      [6, 'unknown', 'name_unknown'],
      [7, 'unknown', 'name_unknown'],
      [8, 'duplicate'],
      [9, 'invalid', 'no_artist'],
    ]);
    const [doubtful] = itemsOf(await person.get(`blocks/imports/${id}/rows?outcome=needs_review`));
    expect((doubtful?.candidates as unknown[]).length).toBe(2);
    const settle = (row: number, artistId: unknown) =>
      person.send('PUT', `blocks/imports/${id}/rows/${row}`, { artistId });
    expect(outcome(await settle(3, unknownId))).toEqual([400, 'invalid_request']);
    for (let time = 0; time < 2; time += 1)
      expect((await settle(3, second)).body).toMatchObject({
        outcome: 'created',
        artist: { id: second, blocked: true },
        candidates: [],
      });
    expect(outcome(await settle(3, onlyId))).toEqual([409, 'import_row_settled']);
    expect((await settle(5, onlyId)).body).toMatchObject({ outcome: 'duplicate' });
    for (let time = 0; time < 2; time += 1)
      expect((await settle(6, null)).body).toMatchObject({ outcome: 'dismissed' });
    expect(outcome(await settle(99, null))).toEqual([404, 'not_found']);
    expect(await blocked()).toHaveLength(3);
    expect(itemsOf(await person.get('blocks?tag=b'))).toMatchObject([{ artistId: second }]);
    const csv = (await person.get(`blocks/imports/${id}/report?format=csv`)).text;
    expect(csv.split('\r\n')).toEqual(
      expect.arrayContaining([`3,created,,${second},${twice},,,,,b,,keep`, '9,invalid,no_artist,,,,,,,,,keep']),
    );
    expect((await person.get(`blocks/imports/${id}/report`)).body).toMatchObject({
      import: { id },
      blocks: { length: 8 },
    });
  });

  it('names artists by alias and by MusicBrainz’s id too; a name that is one’s own and another’s alias is in doubt', async () => {
    const { em } = harness.rows;
    const [alias, own, mbid] = [fresh('Alias'), fresh('Own'), newId()];
    const ownId = await harness.rows.artist(own);
    const known = await rememberArtists(em, 'musicbrainz', [{ providerId: mbid, name: fresh('By Mbid') }]);
    const artistId = known.get(mbid)!;
    await addAliases(em, 'musicbrainz', [
      { artistId, name: alias, locale: 'en' },
      { artistId, name: `${alias}!`, locale: '' },
      { artistId, name: own, locale: '' },
    ]);
    const lines = ['name,mbid', `${alias.toUpperCase()}?`, `,${mbid}`, `https://musicbrainz.org/artist/${mbid}`, own];
    const id = await imported('', lines.join('\n'));
    expect(await rowsOf(id)).toEqual([
      [2, 'created'],
      [3, 'duplicate'],
      [4, 'duplicate'],
      [5, 'needs_review', 'several_artists'],
    ]);
    const [doubtful] = itemsOf(await person.get(`blocks/imports/${id}/rows?outcome=needs_review`));
    expect(doubtful?.candidates).toMatchObject([{ id: ownId }, { id: artistId }]);
    expect(itemsOf(await person.get('blocks'))).toMatchObject([{ artistId }]);
  });

  it('that replaces withdraws what is not in it, in the end, and says what that was', async () => {
    const [kept, gone, doubted, touched] = [fresh('Kept'), fresh('Gone'), fresh('Doubted'), fresh('Touched')];
    const ids = [];
    for (const name of [kept, gone, doubted, touched]) ids.push(await harness.rows.artist(name));
    await harness.rows.artist(doubted);
    for (const id of ids) await person.send('PUT', `blocks/${id}`, { note: 'of old', tags: ['t'] });
    const plan = await harness.rows.plan(person.id, await harness.rows.connection(person.id));
    await harness.rows.items(plan, [{ uri: 'spotify:track:1', artistId: ids[1]! }]);
    const file = ['name', kept, doubted].join('\n');

    const tried = await imported('mode=replace&dryRun=true', file);
    expect(await summary(tried)).toMatchObject({
      dryRun: true,
      status: 'completed',
      counts: { changed: 1, needs_review: 1, withdrawn: 2 },
    });
    expect(await blocked()).toHaveLength(4);

    const started = await upload('mode=replace', file);
    await person.send('PUT', `blocks/${ids[3]}`, { note: 'since the file came' });
    const id = await carryOut(started);
    expect(await blocked()).toEqual([kept, doubted, touched].sort());
    expect(itemsOf(await person.get(`blocks?query=${encodeURIComponent(kept)}`))).toMatchObject([
      { note: null, tags: [] },
    ]);
    expect(itemsOf(await person.get(`blocks/imports/${id}/rows?outcome=withdrawn`))).toMatchObject([
      { row: 4, name: gone, note: 'of old', tags: ['t'], artist: { id: ids[1] } },
    ]);
    expect((await person.get(`enforcement/plans/${plan}`)).body).toMatchObject({
      status: 'stale',
      staleReasons: ['block_withdrawn'],
    });
    const events = await harness.rows.em.execute<{ event: string; subject_id: string }[]>(
      `select event, subject_id from audit_entries where actor_id = ? and event = 'block.withdrawn'`,
      [person.id],
    );
    expect(events).toEqual([{ event: 'block.withdrawn', subject_id: ids[1] }]);
  });

  it('brings blocks whose time is over as ended, so that nothing comes of that; one that ends by itself still does', async () => {
    const [brought, own] = [await harness.rows.artist(fresh('Over')), await harness.rows.artist(fresh('Mine'))];
    const over = { expiresAt: '2024-01-01T00:00:00Z', onExpiry: 'restore' };
    await person.send('PUT', `blocks/${own}`, {});
    await harness.rows.em.execute(`update blocks set expires_at = ? where artist_id = ?`, [over.expiresAt, own]);
    await imported(
      '',
      ...json([
        { artistId: brought, ...over },
        { artistId: own, ...over, tags: ['t'] },
      ]),
    );
    const rows = await harness.rows.em.execute<{ artist_id: string; ended: boolean; tags: string[] }[]>(
      `select artist_id, ended_at is not null as ended, tags from blocks where user_id = ?`,
      [person.id],
    );
    expect(new Map(rows.map((row) => [row.artist_id, [row.ended, row.tags]]))).toEqual(
      new Map([
        [brought, [true, []]],
        [own, [false, ['t']]],
      ]),
    );
  });

  it('with rows that cannot be read withdraws nothing until that is confirmed', async () => {
    const [inFile, gone] = [fresh('In File'), fresh('Out Of It')];
    const ids = [await harness.rows.artist(inFile), await harness.rows.artist(gone)];
    await person.send('PUT', `blocks/${ids[1]}`, {});
    const file = [{ name: inFile }, { name: 'X', expiresAt: 'soon' }];
    const id = await imported('mode=replace', ...json(file));
    expect(await summary(id)).toMatchObject({
      status: 'needs_confirmation',
      counts: { created: 1, invalid: 1 },
      action: { code: 'confirm' },
    });
    expect(await blocked()).toEqual([inFile, gone].sort());
    for (let time = 0; time < 2; time += 1)
      expect((await person.send('POST', `blocks/imports/${id}/confirm`)).body).toMatchObject({
        status: 'completed',
        counts: { withdrawn: 1 },
      });
    expect(await blocked()).toEqual([inFile]);
    await person.send('PUT', `blocks/${ids[1]}`, {});
    await harness.rows.em.execute(`update blocks set updated_at = now() - interval '1 second' where user_id = ?`, [
      person.id,
    ]);
    const sure = await imported('mode=replace&confirm=true', ...json(file));
    expect(await summary(sure)).toMatchObject({ status: 'completed', counts: { withdrawn: 1, invalid: 1 } });
    expect(
      outcome(await person.send('POST', `blocks/imports/${await imported('', ...json([inFile]))}/confirm`)),
    ).toEqual([409, 'nothing_to_confirm']);
  });
});

describe('imports', () => {
  it('are one at a time, are listed, and are begun once for one key', async () => {
    const headers = { 'idempotency-key': `key-${names}` };
    const first = await upload('', 'name\nA', { headers });
    expect(first.headers.get('location')).toBe(`/api/v1/jobs/${first.body.jobId}`);
    expect((await upload('', 'name\nA', { headers })).body).toEqual(first.body);
    expect(outcome(await upload('', 'name\nB', { headers }))).toEqual([422, 'idempotency_key_reused']);
    expect(outcome(await upload('mode=replace', 'name\nA', { headers }))).toEqual([422, 'idempotency_key_reused']);
    const second = await upload('', 'name\nB');
    expect(outcome(second)).toEqual([409, 'import_in_progress']);
    expect(second.body.resource).toMatchObject({ type: 'block_import', id: first.body.importId });
    await carryOut(first);
    await imported('', 'name\nB');
    expect((await allPages(person, 'blocks/imports', 1)).map(({ id }) => id)[1]).toBe(first.body.importId);
    const job = (await person.get(`jobs/${first.body.jobId}`)).body;
    expect(job).toMatchObject({
      type: 'import_blocks',
      status: 'completed',
      progress: { done: 1, total: 1 },
      subject: { href: `/api/v1/blocks/imports/${first.body.importId}` },
    });
  });

  it('that failed go on where they stopped, under a new job', async () => {
    const name = fresh('Late');
    await harness.rows.artist(name);
    const started = await upload('', `name\n${name}`);
    const activities = createBlockImportActivities({ orm: harness.api.deps.orm });
    const { importId, jobId } = started.body as { importId: string; jobId: string };
    await activities.finishImport({ importId, jobId, failureCode: 'internal_error' });
    expect(await summary(importId)).toMatchObject({
      status: 'failed',
      failure: { code: 'internal_error' },
      counts: { pending: 1 },
    });
    const again = await person.send('POST', `jobs/${jobId}/retry`);
    expect(again.status).toBe(202);
    // The old workflow's last step, done again because its answer got lost.
    await activities.finishImport({ importId, jobId, failureCode: 'internal_error' });
    expect(await activities.importSlice({ importId, jobId })).toEqual({ more: false });
    expect(await summary(importId)).toMatchObject({ status: 'running', counts: { pending: 1 } });
    await carryOut({ body: { importId, jobId: again.body.jobId } });
    expect(await summary(importId)).toMatchObject({ status: 'completed', failure: null, counts: { created: 1 } });
    expect((await person.send('POST', `jobs/${jobId}/retry`)).body).toEqual(again.body);
  });

  it('worked on by two at once come to the same', async () => {
    const artists = [];
    for (let n = 0; n < 30; n += 1) artists.push(await harness.rows.artist(fresh('Both')));
    const started = await upload('', ['artist_id', ...artists, ...artists].join('\n'));
    await Promise.all([carryOut(started), carryOut(started)]);
    expect(await summary(String(started.body.importId))).toMatchObject({ counts: { created: 30, duplicate: 30 } });
    expect((await allPages(person, 'blocks', 100)).every(({ version }) => version === 1)).toBe(true);
  });

  it('tell of text that cannot be kept, wherever in a row it is', async () => {
    const id = await imported('', ...json([{ name: 'a\0b' }, { name: 'X', tags: ['\ud800'] }, '\udc00']));
    expect(await rowsOf(id)).toEqual([1, 2, 3].map((row) => [row, 'invalid', 'bad_text']));
  });

  it('of somebody else, or of nobody, are a 404', async () => {
    const id = await imported('', 'name\nA');
    const owner = person;
    person = await harness.person();
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['GET', '/rows', undefined],
      ['GET', '/report', undefined],
      ['POST', '/confirm', undefined],
      ['PUT', '/rows/2', { artistId: null }],
    ] as const)
      for (const one of [id, unknownId, 'x'])
        expect(outcome(await person.send(method, `blocks/imports/${one}${path}`, body))).toEqual([404, 'not_found']);
    expect((await person.get('blocks/imports')).body).toMatchObject({ items: [], emptyReason: 'no_imports' });
    expect((await owner.get(`blocks/imports/${id}`)).status).toBe(200);
  });
});

type Refused = [name: string, raw: string | Uint8Array, type: string, code: [number, string], row: number | null];
const tooManyRows: Refused = [
  'of too many rows',
  `name\n${'a\n'.repeat(100_001)}`,
  'text/csv',
  [413, 'payload_too_large'],
  null,
];

describe('what is no file of blocks', () => {
  it.each<Refused>([
    ['of another type', 'name\nA', 'text/plain', [415, 'unsupported_media_type'], null],
    ['in another encoding', 'name\nA', 'text/csv; charset=iso-8859-1', [415, 'unsupported_media_type'], null],
    ['over 10 MB', `name\n${'x'.repeat(10 * 1024 * 1024)}`, 'text/csv', [413, 'payload_too_large'], null],
    // As many rows as are written before that is seen take seconds.
    ...(process.env.LONG ? [tooManyRows] : []),
    [
      'that is not UTF-8',
      Uint8Array.from([...Buffer.from('name\nA\nB'), 0xe9, 0x0a]),
      'text/csv',
      [400, 'import_not_utf8'],
      3,
    ],
    ['with a quote that never closes', 'name\nA\n"B', 'text/csv', [400, 'import_not_csv'], 3],
    ['that is cut off', '[{"name":"A"},{"name":', 'application/json', [400, 'import_not_json'], 2],
    ['without a list', '{"a":1}', 'application/json', [400, 'import_not_json'], 1],
    ['without a column that names artists', 'A\nB', 'text/csv', [400, 'import_no_column'], null],
    ['with a list in a list in a list', `[${'['.repeat(200)}`, 'application/json', [400, 'import_not_json'], 1],
    ['with nothing in it', 'name\n', 'text/csv', [400, 'import_empty'], null],
    ['with nothing at all', '', 'text/csv', [400, 'import_empty'], null],
  ])('%s is refused, and nothing of it is kept', async (_name, raw, type, code, row) => {
    const answer = await upload('mode=replace', raw, { type });
    expect(outcome(answer)).toEqual(code);
    if (row !== null) expect(answer.body.params).toEqual({ row });
    expect(itemsOf(await person.get('blocks/imports'))).toEqual([]);
  });

  it('over 10 MB is refused also where nobody said how long it is', async () => {
    const body = new ReadableStream({
      start(controller) {
        for (let n = 0; n < 11; n += 1) controller.enqueue(new Uint8Array(1024 * 1024));
        controller.close();
      },
    });
    const answer = await fetch(`${harness.api.url}/api/v1/blocks/import`, {
      method: 'POST',
      headers: { authorization: `Bearer ${(await harness.api.person()).token}`, 'content-type': 'text/csv' },
      body,
      duplex: 'half',
    } as RequestInit);
    expect(answer.status).toBe(413);
  });
});
