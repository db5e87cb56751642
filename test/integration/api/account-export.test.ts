import { gunzipSync } from 'node:zlib';
import {
  libraryTables,
  partTables,
  personTables,
  tablesLeftOut,
} from '../../../adapters/postgres/account-export-tables';
import { forgetExports } from '../../../adapters/postgres/account-exports';
import { settle, type Settled } from './account-story';
import { setStage, type Stage } from './signed-in';

const ownApp = '0123456789abcdef0123456789abcdef';
let stage: Stage;
let person: Settled;
let secret: string;
let exportId: string;
let text: string;
let file: Record<string, unknown>;

beforeAll(async () => {
  stage = await setStage();
  person = await settle(stage, 'listener');
  const hook = { url: 'https://hooks.example/', events: ['run.finished'] };
  secret = String((await person.send('POST', 'me/webhooks', hook)).body.secret);
  await person.send('PUT', 'me/provider-apps/spotify', { clientId: ownApp });
  const blocks = (await person.send('GET', 'blocks')).body.items as { artistId: string }[];
  const listed = await person.send('POST', 'lists', { name: 'Mine' });
  await person.send('POST', `lists/${listed.body.id}/versions`, {
    entries: [{ artistId: blocks[0]?.artistId, reason: 'Too loud for me' }],
    basedOn: 0,
  });
  const started = await person.send('POST', 'me/export');
  expect(started).toMatchObject({ status: 202, body: { jobId: expect.any(String), exportId: expect.any(String) } });
  expect(started.headers.get('location')).toBe(`/api/v1/jobs/${started.body.jobId}`);
  exportId = String(started.body.exportId);
  expect(await stage.system.jobEnd(String(started.body.jobId))).toMatchObject({ status: 'completed' });
  text = gunzipSync(await fetchFile(exportId)).toString('utf8');
  file = JSON.parse(text) as Record<string, unknown>;
}, 120_000);
afterAll(() => stage?.close());

const fetchAnswer = (id: string) => person.browser.fetch(`${stage.api.url}/api/v1/me/exports/${id}/file`);
const fetchFile = async (id: string) => Buffer.from(await (await fetchAnswer(id)).arrayBuffer());
const list = (name: string) => file[name] as Record<string, unknown>[];

describe('the file with everything that a person has here', () => {
  it('has a name, a size and a type, and is to be saved rather than shown', async () => {
    const answer = await fetchAnswer(exportId);
    const bytes = await answer.arrayBuffer();
    expect(answer.headers.get('content-type')).toBe('application/gzip');
    expect(answer.headers.get('content-disposition')).toMatch(
      /^attachment; filename="do-not-play-account-\d{4}-\d\d-\d\d\.json\.gz"$/,
    );
    expect(Number(answer.headers.get('content-length'))).toBe(bytes.byteLength);
    expect((await person.send('GET', `me/exports/${exportId}`)).body).toMatchObject({
      id: exportId,
      status: 'ready',
      size: bytes.byteLength,
      href: `/api/v1/me/exports/${exportId}/file`,
    });
  });

  it('tells what they have, with names', () => {
    expect(list('profile')).toMatchObject([{ id: person.userId, displayName: 'Odalys Brennvik' }]);
    expect(list('identities')).toMatchObject([{ provider: 'google', email: 'listener@example.test' }]);
    expect(list('tokens')).toMatchObject([{ name: 'my script', scopes: ['read', 'write'] }]);
    expect(list('blocks')).toMatchObject([
      { note: 'listener heard it too often', tags: ['tired'], artistName: expect.any(String) },
    ]);
    const [run] = list('runs') as { id: string; status: string; actions: unknown[] }[];
    expect(run).toMatchObject({ id: person.runId, status: 'completed' });
    expect(run?.actions).toHaveLength(8);
    const [plan] = list('plans') as { items: unknown[] }[];
    expect(plan?.items.length).toBeGreaterThan(5);
    expect(list('audit').map((entry) => entry.event)).toEqual(
      expect.arrayContaining(['user.created', 'plan.executed', 'token.created', 'account.export_requested']),
    );
  });

  it('tells what lists they keep, with each version and its reasons', () => {
    const [mine] = list('lists') as { entries: { id: string }[] }[];
    expect(mine).toMatchObject({
      name: 'Mine',
      versions: [{ number: 1, listed: [{ entryId: mine?.entries[0]?.id, reason: 'Too loud for me' }] }],
      entries: [{ artistName: expect.any(String) }],
    });
  });

  it('tells what they are told and where, without what signs it', () => {
    expect(list('notifications')).toMatchObject([{ type: 'run.finished', params: { runId: person.runId } }]);
    expect(list('webhooks')).toMatchObject([{ url: 'https://hooks.example/', events: ['run.finished'] }]);
    expect(list('providerApps')).toMatchObject([{ provider: 'spotify', clientId: ownApp }]);
    expect(secret).toMatch(/^whsec_/);
    expect(text).not.toContain(secret.slice(6));
  });

  it('has the library with every place, date and name', () => {
    const [connection] = list('connections') as { library: Record<string, unknown[]> }[];
    const { library } = person.small;
    expect(connection?.library.likes).toHaveLength(library.likes.length);
    expect(connection?.library.albums).toHaveLength(library.albums.length);
    expect(connection?.library.follows).toHaveLength(library.follows.length);
    const playlists = connection?.library.playlists as { name: string; items: Record<string, unknown>[] }[];
    expect(playlists.map(({ name }) => name)).toEqual(library.playlists.map(({ name }) => name));
    const [shown] = playlists;
    expect(shown?.items.map(({ uri }) => uri)).toEqual(library.playlists[0]?.items.map(({ uri }) => uri));
    expect(shown?.items[1]).toMatchObject({ position: 1, addedBy: 'listener', artists: [expect.any(String)] });
  });

  it('has what runs took out of playlists, in its place', () => {
    const [connection] = list('connections') as { keptPlaylists: { entries: { ghostOf: string | null }[] }[] }[];
    expect(connection?.keptPlaylists).toHaveLength(2);
    expect(connection?.keptPlaylists.flatMap(({ entries }) => entries).filter(({ ghostOf }) => ghostOf)).toHaveLength(
      7,
    );
  });

  it('covers every table that is about a person, or says why not', async () => {
    const covered = new Set<string>([
      ...Object.values(personTables).map(({ table }) => table),
      ...Object.values(partTables).map(({ table }) => table),
      ...libraryTables,
    ]);
    const tables = await tablesAboutPeople();
    expect(tables.length).toBeGreaterThan(20);
    expect(tables.filter((name) => !covered.has(name) && !(name in tablesLeftOut))).toEqual([]);
    for (const reason of Object.values(tablesLeftOut)) expect(reason.length).toBeGreaterThan(20);
    expect(Object.keys(tablesLeftOut).filter((name) => covered.has(name))).toEqual([]);
  });

  it('has each row of the tables that are a person’s own', async () => {
    expect(Object.keys(file)).toEqual(expect.arrayContaining(Object.keys(personTables)));
    for (const { table, key } of Object.values(personTables)) {
      if (table === 'users' || table === 'account_merges' || table === 'audit_entries') continue;
      const rows = await stage.rows<{ key: string }>(`select ${key[0]}::text as key from ${table} where user_id = ?`, [
        person.userId,
      ]);
      expect(rows.filter(({ key: value }) => !text.includes(`"${value}"`))).toEqual([]);
    }
  });

  it('leaves out every column that could hold a secret', async () => {
    const columns = await stage.rows<{ table_name: string; column_name: string }>(
      `select table_name, column_name from information_schema.columns where table_schema = 'public'`,
    );
    const risky = /hash|secret|token|raw_|verifier|nonce|cookie|jwe|fence|epoch/;
    for (const { table, omit } of [...Object.values(personTables), ...Object.values(partTables)]) {
      const left: readonly string[] = omit;
      const shown = columns.filter((column) => column.table_name === table && risky.test(column.column_name));
      expect(shown.map(({ column_name: name }) => name).filter((name) => !left.includes(name))).toEqual([]);
    }
  });

  it('holds no token, code, cookie, hash or sealed text', async () => {
    const own = ['Odalys Brennvik', 'listener@example.test'];
    const secrets = (await stage.system.admin.secrets()).filter(
      (secret) => secret.length >= 6 && !own.some((known) => known.includes(secret)),
    );
    expect(secrets.length).toBeGreaterThan(5);
    const cookie = person.browser.cookiesFor(`${stage.api.url}/`).dnp_session ?? '';
    expect(cookie.length).toBeGreaterThan(20);
    const hashes = await stage.rows<{ hash: string }>(
      `select token_hash as hash from sessions union all select token_hash from personal_tokens
       union all select state_hash from oauth_transactions union all select access_token from credentials`,
    );
    const looked = [...secrets, cookie, person.token, ...hashes.map(({ hash }) => hash)];
    expect(looked.filter((secret) => text.includes(secret))).toEqual([]);
    expect(text).not.toMatch(/eyJ[\w-]+\.[\w-]*\.[\w-]+/);
  });
});

describe('exports', () => {
  it('are made one at a time: a second request joins the first', async () => {
    const [first, second] = await Promise.all([person.send('POST', 'me/export'), person.send('POST', 'me/export')]);
    expect(second?.body).toEqual(first?.body);
    await stage.system.jobEnd(String(first?.body.jobId));
    const job = (await person.send('GET', `jobs/${first?.body.jobId}`)).body;
    expect(job).toMatchObject({
      type: 'export_account',
      status: 'completed',
      subject: { type: 'export', href: `/api/v1/me/exports/${first?.body.exportId}` },
    });
    const listed = (await person.send('GET', 'me/exports')).body.items as { id: string }[];
    expect(listed.map(({ id }) => id)).toEqual([first?.body.exportId, exportId]);
  });

  it('of somebody else are nothing', async () => {
    const { token } = await stage.api.person();
    for (const path of [`me/exports/${exportId}`, `me/exports/${exportId}/file`])
      expect((await stage.api.call('GET', `/api/v1/${path}`, { token })).body.code).toBe('not_found');
    expect((await stage.api.call('GET', '/api/v1/me/exports', { token })).body).toMatchObject({
      items: [],
      emptyReason: 'no_exports',
    });
  });

  it('that are not made yet, or could not be made, say so', async () => {
    const { id, token } = await stage.api.person();
    for (const status of ['preparing', 'failed']) {
      const [row] = await stage.rows<{ id: string }>(
        `insert into account_exports (id, user_id, job_id, status) values (gen_random_uuid(), ?, gen_random_uuid(), ?) returning id`,
        [id, status],
      );
      const answer = await stage.api.call('GET', `/api/v1/me/exports/${row?.id}/file`, { token });
      expect(answer.body).toMatchObject({ status: 409, code: 'export_not_ready', params: { status } });
    }
  });

  it('are gone after seven days, also before a sweep has been there, and then their bytes are removed', async () => {
    const [kept] = await stage.rows<{ days: number }>(
      `select round(extract(epoch from expires_at - ready_at) / 86400)::int as days from account_exports where id = ?`,
      [exportId],
    );
    expect(kept?.days).toBe(7);
    await stage.rows(`update account_exports set expires_at = now() where id = ?`, [exportId]);
    const answer = await fetchAnswer(exportId);
    expect({ status: answer.status, code: ((await answer.json()) as { code: string }).code }).toEqual({
      status: 410,
      code: 'export_expired',
    });
    await forgetExports(stage.system.orm.em.fork());
    expect(await stage.rows(`select seq from account_export_chunks where export_id = ?`, [exportId])).toEqual([]);
    expect((await person.send('GET', `me/exports/${exportId}`)).body).toMatchObject({ status: 'expired', href: null });
  });
});

/** Tables with a person’s id in them, and those that belong to such a row. */
async function tablesAboutPeople(): Promise<string[]> {
  const rows = await stage.rows<{ name: string }>(
    `with recursive links as (
       select c.conrelid::regclass::text as child, c.confrelid::regclass::text as parent from pg_constraint c where c.contype = 'f'
     ), about as (
       select table_name::text as name from information_schema.columns where table_schema = 'public'
         and column_name in ('user_id', 'owner_id', 'actor_id', 'survivor_id', 'absorbed_id', 'connection_id', 'run_id')
       union select 'users' union select l.child from links l join about a on a.name = l.parent
     ) select distinct name from about where name not in ('artists', 'albums', 'tracks') order by name`,
  );
  return rows.map(({ name }) => name);
}
