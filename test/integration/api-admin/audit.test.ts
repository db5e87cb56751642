import { execFile } from 'node:child_process';
import { createSealing } from '../../../adapters/audit-seal/sealing';
import { sealFor } from '../../../adapters/postgres/audit-seals';
import { newId } from '../../../adapters/postgres/ids';
import { onDatabase } from '../../../dev/engines/postgres/statements';
import { startApi, type ApiUnderTest } from '../api/api-under-test';
import { compiledProgram, postgresUrl } from '../../support/engines';

let api: ApiUnderTest;
let admin: { id: string; token: string };
let somebody: string;
const subject = newId();
beforeAll(async () => {
  api = await startApi();
  admin = await api.person({ roles: ['admin'], scopes: ['read', 'admin'] });
  somebody = (await api.person()).id;
  for (let day = 1; day <= 5; day += 1) await row(day);
});
afterAll(() => api?.close());

const em = () => api.deps.orm.em.fork();
const seal = () => sealFor(em(), 5, createSealing(api.config.audit));
const get = (path: string) => api.call('GET', `/api/v1/${path}`, { token: admin.token });
interface Item {
  id: string;
  event: string;
  details: Record<string, unknown>;
  sequence: number | null;
}
const items = async (query: string) => (await get(`audit?${query}`)).body.items as Item[];

/** Something that was done to the subject on a day in May. */
async function row(day: number): Promise<void> {
  await em().execute(
    `insert into audit_entries (id, actor_id, event, outcome, subject_type, subject_id, details, created_at)
     values (?, ?, ?, ?, 'test', ?, ?::jsonb, ?)`,
    [
      ...[newId(), day % 2 ? somebody : null, day === 5 ? 'test.last' : 'test.done', day === 2 ? 'denied' : 'done'],
      ...[subject, JSON.stringify({ day }), `2026-05-0${day}T12:00:00Z`],
    ],
  );
}

describe('GET audit', () => {
  it.each([
    ['', [5, 4, 3, 2, 1]],
    ['&event=test.done', [4, 3, 2, 1]],
    ['&event=test.done&outcome=denied', [2]],
    ['&from=2026-05-02T12:00:00Z&to=2026-05-04T12:00:00Z', [3, 2]],
    ['&from=2026-05-02T14:00:00%2B02:00&to=2026-05-02T14:00:01%2B02:00', [2]],
    ['&event=nothing', []],
  ])('finds by subject%s, newest first', async (query, days) => {
    expect((await items(`subject=${subject}${query}`)).map(({ details }) => details.day)).toEqual(days);
  });

  it('finds by who did it, page by page', async () => {
    const seen: unknown[] = [];
    for (let cursor = ''; ;) {
      const { body } = await get(`audit?actor=${somebody}&limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...(body.items as Item[]).map(({ details }) => details.day));
      if (body.nextCursor === null) break;
      cursor = String(body.nextCursor);
    }
    expect(seen).toEqual([5, 3, 1]);
  });

  it('says who did what to whom, and each look is recorded', async () => {
    const [found] = await items(`subject=${subject}&event=test.last`);
    expect(found).toMatchObject({
      actorId: somebody,
      outcome: 'done',
      subject: { type: 'test', id: subject },
      createdAt: '2026-05-05T12:00:00.000Z',
    });
    const [look] = await items(`actor=${admin.id}&event=audit.read`);
    expect(look).toMatchObject({ details: { subjectId: subject, event: 'test.last', actorId: null, first: true } });
  });

  it('and the check are for admins, with a token made for it', async () => {
    const moderator = await api.person({ roles: ['moderator', 'reviewer'], scopes: ['read'] });
    const narrow = await api.person({ roles: ['admin'], scopes: ['read'] });
    for (const path of ['/api/v1/audit', '/api/v1/audit/verify']) {
      expect((await api.call('GET', path)).status).toBe(401);
      expect((await api.call('GET', path, { token: moderator.token })).body.code).toBe('role_missing');
      expect((await api.call('GET', path, { token: narrow.token })).body.code).toBe('scope_missing');
    }
    expect((await get('audit?actor=somebody')).status).toBe(400);
    expect((await get('audit?from=0000-01-01T00:00:00Z')).status).toBe(400);
    const nowhere = Buffer.from(JSON.stringify({ createdAt: '0000-01-01T00:00:00Z', id: subject })).toString(
      'base64url',
    );
    expect((await get(`audit?cursor=${nowhere}`)).body.code).toBe('invalid_cursor');
    expect((await get('audit/verify?after=-1')).status).toBe(400);
  });
});

describe('a check', () => {
  it('says what waits and how far the chain goes, page by page, and is recorded', async () => {
    expect((await get('audit/verify')).body).toMatchObject({
      intact: true,
      complete: true,
      upTo: 0,
      sealedSince: null,
    });
    const { sealed } = await seal();
    expect(sealed).toBeGreaterThan(5);
    const first = (await get('audit/verify?limit=3')).body;
    expect(first).toMatchObject({ intact: true, complete: false, checked: 3, upTo: 3, next: 3, fault: null });
    const rest = (await get(`audit/verify?after=3`)).body;
    expect(rest).toMatchObject({ intact: true, complete: true, checked: sealed - 3, upTo: sealed, next: null });
    expect(rest).toMatchObject({ head: { sequence: sealed }, unsealed: { count: 1 } });
    expect((await items('event=audit.verified&limit=1'))[0]).toMatchObject({
      details: { after: 3, complete: true, fault: null },
      sequence: null,
    });
    expect((await items(`subject=${subject}&event=test.last`))[0]?.sequence).toEqual(expect.any(Number));
  });

  it('names what is wrong, over HTTP and by npm run audit:verify', async () => {
    expect(await command()).toMatchObject({ code: 0, out: expect.stringMatching(/^Intact: Rows 1 to \d+ .* wait /) });
    const [last] = await items(`subject=${subject}&event=test.last`);
    await asSuperuser(`update audit_entries set outcome = 'denied' where id = '${last?.id}'`);
    const wrong = { kind: 'changed', sequence: last?.sequence, entryId: last?.id };
    expect((await get('audit/verify')).body).toMatchObject({ intact: false, fault: wrong, next: null });
    expect(await command()).toMatchObject({
      code: 1,
      out: expect.stringContaining(`NOT INTACT: row ${last?.sequence} (${last?.id}) or its seal was changed`),
    });
    expect((await items('event=audit.verified&limit=1'))[0]?.details).toMatchObject({ fault: 'changed' });
  });

  it('that is overdue degrades the state of the engines', async () => {
    const state = async () =>
      ((await api.call('GET', '/readyz')).body.engines as { name: string; status: string }[]).find(
        ({ name }) => name === 'audit-seal',
      )?.status;
    expect(await state()).toBe('up');
    await asSuperuser(`update audit_unsealed set noted_at = now() - interval '6 minutes'`);
    expect(await state()).toBe('down');
  });
});

function asSuperuser(sql: string): Promise<unknown> {
  const address = new URL(postgresUrl());
  address.pathname = new URL(api.config.DATABASE_URL).pathname;
  return onDatabase(address.href, async (run) => {
    await run(`set session_replication_role = replica`);
    return run(sql);
  });
}

function command(): Promise<{ code: number; out: string }> {
  const { PATH, HOME } = process.env;
  const { DATABASE_URL, AUDIT_HEAD } = api.config;
  const env = { PATH, HOME, DATABASE_URL, AUDIT_HEAD };
  return new Promise((resolve) => {
    execFile(process.execPath, [compiledProgram('ops/commands/audit-verify.ts')], { env }, (error, out) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out }),
    );
  });
}
