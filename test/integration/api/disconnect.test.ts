import { createPersonalToken } from '../../../adapters/postgres/personal-tokens';
import { settle, type Settled } from './account-story';
import { appleMusicOn } from './apple-music-walker';
import { query } from './browser';
import { fault, setStage, type Stage } from './signed-in';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
}, 120_000);
afterAll(() => stage?.close());

const disconnect = (person: Pick<Settled, 'send'>, id: string, body?: unknown) =>
  person.send('DELETE', `connections/${id}`, body);
const connectionsOf = (userId: string) =>
  stage.rows<{ id: string; disconnecting: boolean }>(
    `select id, disconnecting_since is not null as disconnecting from connections where user_id = ? order by id`,
    [userId],
  );

describe('a connection whose runs could still be undone', () => {
  let person: Settled;
  beforeAll(async () => {
    person = await settle(stage, 'listener');
  }, 120_000);

  it('is not disconnected without a word: the answer counts what would be lost, and says where a backup is', async () => {
    const id = person.connectionId;
    const [run] = await stage.rows<{ applied: number }>(
      `select count(*)::int as applied from actions where run_id = ? and status = 'applied'`,
      [person.runId],
    );
    expect(run?.applied).toBeGreaterThan(0);
    const href = `/api/v1/connections/${id}/library/export`;
    for (const body of [undefined, {}, { confirm: false }]) {
      const refused = await disconnect(person, id, body);
      expect({ status: refused.status, ...refused.body }).toMatchObject({
        status: 409,
        code: 'undo_would_be_lost',
        params: { runs: 1, actions: run?.applied, confirm: true },
        action: { code: 'export_library', href },
      });
    }
    expect(await connectionsOf(person.userId)).toEqual([{ id, disconnecting: false }]);
    expect((await person.send('GET', href.replace('/api/v1/', ''))).status).toBe(200);
  });

  it('is nobody else’s to disconnect, nor a token’s that may only read, nor a page’s of another site', async () => {
    const id = person.connectionId;
    const path = `/api/v1/connections/${id}`;
    const stranger = await stage.api.person();
    const theirs = await stage.api.call('DELETE', path, { token: stranger.token, body: { confirm: true } });
    expect([theirs.status, theirs.body.code]).toEqual([404, 'not_found']);
    const { token } = await createPersonalToken(stage.system.orm.em.fork(), {
      userId: person.userId,
      name: 'reader',
      scopes: ['read'],
      expiresAt: new Date(Date.now() + 86_400_000),
    });
    const reader = await stage.api.call('DELETE', path, { token, body: { confirm: true } });
    expect([reader.status, reader.body.code]).toEqual([403, 'scope_missing']);
    const headers = { 'content-type': 'application/json', origin: 'https://elsewhere.example' };
    const foreign = await person.browser.fetch(`${stage.api.url}${path}`, {
      method: 'DELETE',
      headers,
      body: JSON.stringify({ confirm: true }),
    });
    expect(foreign.status).toBe(403);
    expect((await stage.api.call('DELETE', path)).status).toBe(401);
    expect(await connectionsOf(person.userId)).toEqual([{ id, disconnecting: false }]);
  });

  it('asked for with confirm: one job however often, its tokens gone at once, afterwards there is nothing to disconnect', async () => {
    const id = person.connectionId;
    // What is under way keeps the job busy, so that the second request finds it.
    await fault(stage.system, { service: 'spotify', route: '/me/tracks', delayMs: 3_000, times: 1 });
    const sync = await person.send('POST', `connections/${id}/library-sync`);
    expect(sync.status).toBe(202);
    const answers = await Promise.all([1, 2, 3].map(() => disconnect(person, id, { confirm: true })));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    const jobs = new Set(answers.map(({ body }) => body.jobId));
    expect(jobs.size).toBe(1);
    const jobId = String(answers[0]?.body.jobId);
    expect(answers[0]?.headers.get('location')).toBe(`/api/v1/jobs/${jobId}`);
    expect(answers[0]?.body).toEqual({
      jobId,
      revokedAtProvider: 'unsupported',
      howByHand: expect.stringContaining('spotify.com/account/apps'),
      revokeByHand: 'https://www.spotify.com/account/apps/',
    });
    expect(await stage.rows(`select owner_id from credentials where owner_id = ?`, [id])).toEqual([]);
    expect((await person.send('GET', `connections/${id}`)).status).toBe(404);
    expect((await person.send('GET', 'connections')).body).toMatchObject({ items: [] });

    expect(await stage.system.jobEnd(jobId)).toMatchObject({ status: 'completed' });
    expect((await stage.system.jobEnd(String(sync.body.jobId))).status).not.toBe('completed');
    const again = await disconnect(person, id, { confirm: true });
    expect([again.status, again.body.code]).toEqual([404, 'not_found']);
    for (const path of [`enforcement/runs/${person.runId}`, `connections/${id}/library/export`])
      expect((await person.send('GET', path)).status).toBe(404);
    expect((await person.send('POST', `enforcement/runs/${person.runId}/rollback`, {})).status).toBe(404);
    expect((await person.send('GET', `jobs/${jobId}`)).body).toMatchObject({ id: jobId, status: 'completed' });
    const audited = await stage.rows<{ event: string; details: object }>(
      `select event, details from audit_entries where subject_id = ? and event like 'connection.d%' order by id`,
      [id],
    );
    expect(audited.map(({ event }) => event)).toEqual(['connection.disconnect_requested', 'connection.deleted']);
    const shown = await person.send('GET', 'me/notifications');
    expect(JSON.stringify(shown.body)).toContain('connection.deleted');
  }, 60_000);
});

describe('a connection with nothing to lose', () => {
  it('is disconnected without a body, and with confirm in the query where a client sends none', async () => {
    const browser = await stage.signedIn('second-listener');
    const landed = query(
      await browser.finish(await browser.consent(`${stage.connectUrl}?returnTo=/`, { user: 'second-listener' })),
    );
    const path = `${stage.api.url}/api/v1/connections/${landed.connectionId}`;
    const headers = { origin: stage.api.url };
    const wrong = await browser.fetch(`${path}?confirm=perhaps`, { method: 'DELETE', headers });
    expect(wrong.status).toBe(400);
    const answer = await browser.fetch(path, { method: 'DELETE', headers });
    expect(answer.status).toBe(202);
    const { jobId } = (await answer.json()) as { jobId: string };
    expect(await stage.system.jobEnd(jobId)).toMatchObject({ status: 'completed' });
    expect((await browser.fetch(path, { method: 'DELETE', headers })).status).toBe(404);
  }, 60_000);

  it('says for Apple Music that Apple has neither a call nor a page for it, and how a person does it', async () => {
    const apple = appleMusicOn(stage);
    const browser = await stage.signedIn('apple-listener');
    const made = await apple.post(browser, { musicUserToken: await apple.musicUserToken(browser, 'apple-listener') });
    const answer = await browser.fetch(`${stage.api.url}/api/v1/connections/${String(made.body.id)}?confirm=true`, {
      method: 'DELETE',
      headers: { origin: stage.api.url },
    });
    expect(answer.status).toBe(202);
    const body = (await answer.json()) as Record<string, unknown>;
    expect(body).toEqual({
      jobId: expect.any(String),
      revokedAtProvider: 'unsupported',
      howByHand: expect.stringContaining('Apps with Access'),
    });
    expect(await stage.system.jobEnd(String(body.jobId))).toMatchObject({ status: 'completed' });
  }, 60_000);
});

describe('connecting the same account again while its old connection is being taken away', () => {
  it('makes another connection at once, which the end of the old one leaves alone', async () => {
    const person = await settle(stage, 'moderator');
    const old = person.connectionId;
    const { browser } = person;
    // Consent was asked for before, for the very connection that is gone when it is given.
    const callback = await browser.consent(`${stage.connectUrl}?connectionId=${old}`, { user: 'moderator' });
    await fault(stage.system, { service: 'spotify', method: 'PUT', delayMs: 4_000, times: 10 });
    await fault(stage.system, { service: 'spotify', method: 'POST', delayMs: 4_000, times: 10 });
    const rollback = await person.send('POST', `enforcement/runs/${person.runId}/rollback`, {});
    expect(rollback.status).toBe(202);
    while (
      (await stage.rows(`select id from actions where run_id = ? and status = 'applying'`, [rollback.body.runId]))
        .length === 0
    )
      await new Promise((resolve) => setTimeout(resolve, 25));
    const gone = await disconnect(person, old, { confirm: true });
    expect(gone.status).toBe(202);

    const named = await stage.read(browser, `/connections/spotify/start?connectionId=${old}`);
    expect([named.status, named.body.code]).toEqual([404, 'not_found']);
    const landed = query(await browser.finish(callback));
    expect(landed.result).toBe('ok');
    expect(landed.connectionId).not.toBe(old);
    expect((await connectionsOf(person.userId)).filter(({ disconnecting }) => !disconnecting)).toEqual([
      { id: landed.connectionId, disconnecting: false },
    ]);
    // The old one was still there when the new one was made.
    const [job] = await stage.rows<{ created: Date; ended: Date | null; connected: Date }>(
      `select j.finished_at as ended, c.created_at as connected from jobs j, connections c where j.id = ? and c.id = ?`,
      [String(gone.body.jobId), landed.connectionId],
    );
    expect(job?.ended === null || (job && job.ended > job.connected)).toBe(true);

    expect(await stage.system.jobEnd(String(gone.body.jobId))).toMatchObject({ status: 'completed' });
    expect(await connectionsOf(person.userId)).toEqual([{ id: landed.connectionId, disconnecting: false }]);
    expect(await stage.system.jobEnd(landed.jobId ?? '')).toMatchObject({ status: 'completed' });
    const read = await person.send('GET', `connections/${landed.connectionId}`);
    expect(read.body).toMatchObject({ id: landed.connectionId, health: 'healthy' });
    const planned = await person.send('POST', 'enforcement/plans', {
      connectionId: landed.connectionId,
      preset: 'standard',
    });
    expect(await stage.system.jobEnd(String(planned.body.jobId))).toMatchObject({ status: 'completed' });
  }, 120_000);
});
