import { outcome, startHarness, unknownId, type Caller, type Harness } from './harness';

let harness: Harness;
let person: Caller;
let connectionId: string;
let backup: string;
beforeAll(async () => {
  harness = await startHarness();
  person = await harness.person();
  connectionId = await harness.rows.connection(person.id, { name: 'Listener' });
  await harness.rows.library(connectionId, {
    tracks: [{ id: 'one', name: 'One', artistId: 'a', artist: 'Somebody' }],
    likes: ['one'],
    playlists: [{ id: 'mine', name: 'Mix', ownerId: 'me', tracks: ['one', null] }],
  });
  backup = (await person.get(`connections/${connectionId}/library/export?format=json`)).text;
});
afterAll(() => harness.api.close());

const address = (id = connectionId) => `connections/${id}/library/restore`;
const json = { 'content-type': 'application/json' };
const files = () =>
  harness.rows.em.execute<{ id: string }[]>(`select id from library_generations where status = 'file'`);

describe('handing in a backup', () => {
  it('in JSON or CSV begins a plan that knows the date of the file, and keeps its lists, once for one key', async () => {
    const csv = (await person.get(`connections/${connectionId}/library/export?format=csv`)).text;
    const key = { ...json, 'idempotency-key': 'restore-1' };
    const [one, again] = [await person.upload(address(), backup, key), await person.upload(address(), backup, key)];
    const other = await person.upload(address(), csv, { 'content-type': 'text/csv' });
    expect([one.status, other.status]).toEqual([202, 202]);
    expect(again.body).toEqual(one.body);
    expect(one.headers.get('location')).toBe(`/api/v1/jobs/${String(one.body.jobId)}`);
    for (const { body } of [one, other])
      expect((await person.get(`enforcement/plans/${String(body.planId)}`)).body).toMatchObject({
        planType: 'restore',
        restoresFrom: { syncedAt: (JSON.parse(backup) as { syncedAt: string }).syncedAt },
        status: 'preparing',
      });
    const [first] = await harness.rows.em.execute<{ kinds: string[] }[]>(
      `select array_agg(l.kind || ' ' || l.provider_id || ' ' || l.length order by l.kind) as kinds
       from plans p join library_parts l on l.generation_id = p.file_generation_id where p.id = ?`,
      [String(one.body.planId)],
    );
    expect(first?.kinds).toEqual(['likes  1', 'playlist mine 2']);
    expect(await files()).toHaveLength(2);
    const library = await person.get(`connections/${connectionId}/library?kind=likes`);
    expect(library.body.items).toHaveLength(1);
  });

  it('that is damaged, twice in itself or of another provider is refused, and nothing of it is kept', async () => {
    const kept = await files();
    const document = JSON.parse(backup) as { playlists: unknown[] };
    const twice = JSON.stringify({ ...document, playlists: [...document.playlists, ...document.playlists] });
    const broken = `${backup.slice(0, -1)},"likes":[{"uri":"spotify:track:"}]}`;
    for (const file of [twice, broken, '{"format":"do-not-play/library"}', '[]'])
      expect(outcome(await person.upload(address(), file, json))).toEqual([400, 'library_file_invalid']);
    const elsewhere = JSON.stringify({ ...document, provider: 'apple_music' });
    expect(outcome(await person.upload(address(), elsewhere, json))).toEqual([422, 'library_file_of_other_provider']);
    const bytes = Uint8Array.of(0x7b, 0xff, 0x7d);
    expect(outcome(await person.upload(address(), bytes, json))).toEqual([400, 'import_not_utf8']);
    expect(outcome(await person.upload(address(), backup, { 'content-type': 'text/plain' }))[0]).toBe(415);
    expect(await files()).toEqual(kept);
  });

  it('is for one’s own connection that can be used, at a provider from which what was added can be taken again', async () => {
    const stranger = await harness.person();
    expect(outcome(await stranger.upload(address(), backup, json))).toEqual([404, 'not_found']);
    expect(outcome(await person.upload(address(unknownId), backup, json))).toEqual([404, 'not_found']);
    const broken = await harness.rows.connection(person.id, { health: 'needs_reconnect' });
    expect(outcome(await person.upload(address(broken), backup, json))).toEqual([409, 'connection_unusable']);
    const apple = await harness.rows.connection(person.id);
    await harness.rows.em.execute(`update connections set provider = 'apple_music' where id = ?`, [apple]);
    expect(outcome(await person.upload(address(apple), backup, json))).toEqual([422, 'restore_unsupported']);
  });
});
