import { createCredentialStore } from '../../../adapters/postgres/credentials';
import { startErasure } from '../../../adapters/postgres/erasure';
import { createVault } from '../../../adapters/vault/vault';
import { googleSubject, people, spotifyAccountId } from '../../../dev/sandbox/people/people';
import { settle, type Settled } from './account-story';
import { fault, setStage, type Stage } from './signed-in';

let stage: Stage;
let leaver: Settled;
let stayer: Settled;
beforeAll(async () => {
  stage = await setStage();
  leaver = await settle(stage, 'listener');
  stayer = await settle(stage, 'moderator');
}, 180_000);
afterAll(() => stage?.close());

const confirmed = { confirmation: '  Erase My ACCOUNT ' };

describe('leaving without having said so', () => {
  it.each([undefined, {}, { confirmation: 'yes' }])(
    'with %j says what undo is lost and what to take along',
    async (body) => {
      const answer = await leaver.send('DELETE', 'me', body);
      expect(answer.body).toMatchObject({
        status: 409,
        code: 'undo_would_be_lost',
        params: {
          runs: 1,
          actions: 8,
          confirmation: 'erase my account',
          backups: `/api/v1/connections/${leaver.connectionId}/library/export`,
        },
        action: { code: 'export_account', href: '/api/v1/me/export' },
      });
      expect(answer.body.detail).toMatch(/8 changes of 1 runs.*“erase my account”.*library\/export.*me\/export/);
    },
  );

  it('with nothing to lose only asks for the words', async () => {
    const { token } = await stage.api.person();
    const answer = await stage.api.call('DELETE', '/api/v1/me', { token, body: { confirmation: 'ok' } });
    expect(answer.body).toMatchObject({
      status: 400,
      code: 'confirmation_required',
      params: { runs: 0, actions: 0, confirmation: 'erase my account' },
    });
  });

  it('needs somebody who is signed in', async () => {
    const answer = await stage.api.call('DELETE', '/api/v1/me', { body: confirmed });
    expect(answer.body.code).toBe('unauthenticated');
  });
});

it('while an account is being erased nothing new is started, and everything can be read', async () => {
  const { id, token } = await stage.api.person();
  const em = stage.system.orm.em.fork();
  // Written, and not started: it stays as it is.
  const { jobId } = await em.transactional((tx) => startErasure(tx, { userId: id, requestId: null }));
  await em.execute(`delete from outbox where workflow_id = ?`, [`erase-account:${id}`]);
  const anyId = stayer.connectionId;
  const starts: [string, string, unknown?][] = [
    ['POST', 'me/export'],
    ['POST', 'enforcement/plans', { connectionId: anyId, preset: 'standard' }],
    ['POST', `connections/${anyId}/library-sync`],
    ['POST', `enforcement/plans/${anyId}/execute`, { confirm: true }],
    ['POST', `enforcement/runs/${anyId}/rollback`, {}],
    ['POST', `jobs/${anyId}/retry`],
    ['GET', 'connections/spotify/start'],
    ['GET', 'auth/google/start?purpose=link'],
  ];
  for (const [method, path, body] of starts) {
    const answer = await stage.api.call(method, `/api/v1/${path}`, { token, body });
    expect([path, answer.body.code]).toEqual([path, 'erasure_in_progress']);
    expect(answer.body.resource).toEqual({ type: 'job', id: jobId, href: `/api/v1/jobs/${jobId}` });
  }
  for (const path of ['me', 'connections', `jobs/${jobId}`])
    expect((await stage.api.call('GET', `/api/v1/${path}`, { token })).status).toBe(200);
  const again = await stage.api.call('DELETE', '/api/v1/me', { token, body: confirmed });
  expect(again).toMatchObject({ status: 202, body: { jobId } });
});

describe('leaving in the middle of everything', () => {
  const sandboxPerson = people.find(({ id }) => id === 'listener');
  let traces: string[];
  let googleToken: string;
  let before: Record<string, number>;

  beforeAll(async () => {
    const { system } = stage;
    traces = ['listener', sandboxPerson?.name ?? '', googleSubject(sandboxPerson!), spotifyAccountId('listener')];
    const [identity] = await stage.rows<{ id: string }>(`select id from identities where user_id = ?`, [leaver.userId]);
    const store = createCredentialStore(system.orm, createVault(system.config.VAULT_KEYS));
    const held = await store.read(identity?.id ?? '');
    googleToken = held?.refreshToken ?? held?.accessToken ?? '';
    before = await rowsOf(stayer);
    expect(await tracesLeft(traces)).not.toEqual([]);

    const exported = await leaver.send('POST', 'me/export');
    await system.jobEnd(String(exported.body.jobId));
    await leaver.send('POST', 'me/export');
    await fault(system, { service: 'spotify', status: 429, retryAfter: 3_600 });
    await leaver.send('POST', `enforcement/runs/${leaver.runId}/rollback`, {});
    await leaver.send('POST', `connections/${leaver.connectionId}/library-sync`);
    await leaver.send('POST', 'enforcement/plans', { connectionId: leaver.connectionId, preset: 'thorough' });
    await leaver.browser.consent(stage.connectUrl, { user: 'listener' });

    const answers = await Promise.all([leaver.send('DELETE', 'me', confirmed), leaver.send('DELETE', 'me', confirmed)]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect(answers[1]?.body).toEqual(answers[0]?.body);
    expect(answers[0]?.headers.get('location')).toBe(`/api/v1/jobs/${answers[0]?.body.jobId}`);
    await system.client.workflow.getHandle(`erase-account:${leaver.userId}`).result();
  }, 120_000);

  it('ends every session and token: whoever polls the job sees a 401', async () => {
    expect((await leaver.send('GET', 'jobs')).status).toBe(401);
    expect((await stage.api.call('GET', '/api/v1/me', { token: leaver.token })).status).toBe(401);
  });

  it('leaves no trace of the person in any column of any table', async () => {
    expect(await tracesLeft(traces)).toEqual([]);
  });

  it('leaves their ids in the audit trail alone, and records what became of the consents', async () => {
    expect(await tablesNaming(leaver.userId)).toEqual(['audit_entries']);
    expect(await tablesNaming(leaver.connectionId)).toEqual(['audit_entries']);
    const [erased] = await stage.rows<{ details: unknown; outcome: string }>(
      `select details, outcome from audit_entries where event = 'user.erased' and actor_id = ?`,
      [leaver.userId],
    );
    expect(erased).toEqual({
      outcome: 'done',
      details: { revoked: 1, alreadyGone: 0, unsupported: 1, failed: 0 },
    });
  });

  it('has taken the consent back at Google', async () => {
    expect(googleToken.length).toBeGreaterThan(10);
    const answer = await fetch(stage.system.config.google?.revokeUrl ?? '', {
      method: 'POST',
      body: new URLSearchParams({ token: googleToken }),
    });
    expect({ status: answer.status, body: await answer.json() }).toMatchObject({
      status: 400,
      body: { error: 'invalid_token' },
    });
  });

  it('has left no workflow of theirs running', async () => {
    const open: string[] = [];
    const query = `UserId = '${leaver.userId}' and ExecutionStatus = 'Running'`;
    for await (const { workflowId } of stage.system.client.workflow.list({ query })) open.push(workflowId);
    expect(open).toEqual([]);
  });

  it('touches nobody else', async () => {
    expect(await rowsOf(stayer)).toEqual(before);
    expect((await stayer.send('GET', 'me')).status).toBe(200);
  });

  it('lets the same person come back as somebody new', async () => {
    await fetch(`${stage.system.sandbox.url}/admin/faults`, { method: 'DELETE' });
    await stage.rows(`delete from provider_gates`);
    const anew = await settle(stage, 'listener');
    expect(anew.userId).not.toBe(leaver.userId);
    const listed = (await anew.send('GET', 'enforcement/runs')).body.items as { id: string }[];
    expect(listed.map(({ id }) => id)).toEqual([anew.runId]);
  }, 60_000);
});

/** Tables in which some row, written out as text, holds one of these. */
async function tracesLeft(wanted: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const table of await allTables()) {
    for (const trace of wanted) {
      const [row] = await stage.rows<{ found: boolean }>(
        `select exists(select from ${table} t where strpos(lower(t::text), lower(?)) > 0) as found`,
        [trace],
      );
      if (row?.found) found.push(`${table}: ${trace}`);
    }
  }
  return found;
}

async function tablesNaming(id: string): Promise<string[]> {
  return (await tracesLeft([id])).map((line) => line.split(':')[0] ?? '');
}

async function allTables(): Promise<string[]> {
  const rows = await stage.rows<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
  );
  return rows.map(({ name }) => name);
}

/** How many rows of each table are a person's own, or belong to their connection. */
async function rowsOf({ userId, connectionId }: Settled): Promise<Record<string, number>> {
  const columns = await stage.rows<{ table: string; column: string }>(
    `select table_name as table, column_name as column from information_schema.columns
     where table_schema = 'public' and column_name in ('user_id', 'connection_id') order by 1, 2`,
  );
  const counts: Record<string, number> = {};
  for (const { table, column } of columns) {
    const [row] = await stage.rows<{ count: number }>(
      `select count(*)::int as count from ${table} where ${column} = ?`,
      [column === 'user_id' ? userId : connectionId],
    );
    counts[`${table}.${column}`] = row?.count ?? 0;
  }
  return counts;
}
