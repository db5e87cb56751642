import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compiledProgram } from '../../support/engines';
import { startApi, type ApiUnderTest } from './api-under-test';

let api: ApiUnderTest;
let folder: string;
beforeAll(async () => {
  api = await startApi();
  folder = await mkdtemp(join(tmpdir(), 'dnp-user-'));
  await writeFile(join(folder, 'environment.json'), JSON.stringify({ DATABASE_URL: api.config.DATABASE_URL }), {
    mode: 0o600,
  });
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await api.close();
});

function user(
  words: string[],
  environment: Record<string, string> = {},
): Promise<{ code: number; out: string; err: string }> {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, DATA_DIR: folder, ...environment };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--enable-source-maps', compiledProgram('ops/commands/user.ts'), ...words],
      { env },
      (error, out, err) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    );
  });
}

describe('npm run user', () => {
  it('token prints a token that works, and nothing else, for somebody who never signed in', async () => {
    const { code, out, err } = await user(['token', 'listener@example.test']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^dnp_[\w-]{43}\n$/);
    const session = await api.call('GET', '/api/v1/auth/session', { token: out.trim() });
    expect(session.body).toMatchObject({ user: { email: 'listener@example.test', roles: [] } });
    const again = await user(['token', 'Listener@Example.test', '--scopes', 'read']);
    const same = await api.call('GET', '/api/v1/auth/session', { token: again.out.trim() });
    expect(same.body).toEqual(session.body);
  });

  it('grant gives a role that counts at once, once', async () => {
    const { token } = await api.person({ email: 'boss@example.test' });
    expect(await user(['grant', 'boss@example.test', 'admin'])).toMatchObject({
      code: 0,
      out: 'boss@example.test is now admin.\n',
    });
    expect((await user(['grant', 'boss@example.test', 'admin'])).out).toContain('already');
    expect((await api.call('GET', '/api/v1/auth/session', { token })).body).toMatchObject({
      user: { roles: ['admin'] },
    });
  });

  it('revoke takes it back, but not the last admin’s', async () => {
    const { token } = await api.person({ email: 'second@example.test', roles: ['moderator'] });
    expect((await user(['revoke', 'second@example.test', 'moderator'])).out).toBe(
      'second@example.test is no longer moderator.\n',
    );
    expect((await api.call('GET', '/api/v1/auth/session', { token })).body).toMatchObject({ user: { roles: [] } });
    const { code, err } = await user(['revoke', 'boss@example.test', 'admin']);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('The last admin stays') });
    const denied = await api.deps.orm.em
      .fork()
      .execute(`select details from audit_entries where event = 'role.take' and outcome = 'denied'`);
    expect(denied).toEqual([{ details: { role: 'admin', code: 'last_admin', by: 'operator' } }]);
  });

  it.each([
    [[], 'Usage:'],
    [['dance'], 'no command "dance"'],
    [['token'], 'e-mail address is missing'],
    [['token', 'nobody'], 'not an e-mail address'],
    [['token', 'a@b.test', 'extra'], 'one word too many'],
    [['token', 'a@b.test', '--days', '0'], '--days'],
    [['token', 'a@b.test', '--scopes', 'fly'], 'no scope "fly"'],
    [['token', 'a@b.test', '--scopes', 'admin'], 'do not allow the scope "admin"'],
    [['grant', 'a@b.test', 'king'], 'not a role'],
    [['grant', 'unknown@b.test', 'admin'], 'Nobody with this address'],
  ])('%j is told apart, with the usage', async (words, part) => {
    const { code, out, err } = await user(words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(part);
    expect(err).toContain('npm run user -- token EMAIL');
  });

  it('without a system that runs it says what to do', async () => {
    const { code, err } = await user(['token', 'a@b.test'], { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' });
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('npm start') });
  });
});
