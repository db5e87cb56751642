import { outcome, startHarness, unknownId, type Caller, type Harness } from './harness';

let harness: Harness;
let stranger: Caller;
const ids: Record<string, string> = {};
beforeAll(async () => {
  harness = await startHarness();
  const owner = await harness.person();
  stranger = await harness.person();
  const { rows } = harness;
  ids.connection = await rows.connection(owner.id);
  ids.plan = await rows.plan(owner.id, ids.connection);
  const run = await rows.run(owner.id, ids.connection);
  ids.run = run.id;
  ids.job = run.jobId;
  ids.artist = await rows.artist('Nobody Here');
});
afterAll(() => harness.api.close());

const calls: [method: string, path: string, kind: string, body?: unknown][] = [
  ['GET', 'connections/{id}', 'connection'],
  ['GET', 'connections/{id}/library', 'connection'],
  ['POST', 'connections/{id}/library-sync', 'connection'],
  ['GET', 'connections/{id}/schedule', 'connection'],
  ['PUT', 'connections/{id}/schedule', 'connection', { mode: 'apply', weekday: 'monday', hour: 3 }],
  ['DELETE', 'connections/{id}/schedule', 'connection'],
  ['GET', 'enforcement/plans/{id}', 'plan'],
  ['DELETE', 'enforcement/plans/{id}', 'plan'],
  ['GET', 'enforcement/plans/{id}/items', 'plan'],
  ['PATCH', 'enforcement/plans/{id}/items', 'plan', { filter: {}, included: false }],
  ['GET', 'enforcement/plans/{id}/playlists', 'plan'],
  ['GET', 'enforcement/plans/{id}/playlists/list', 'plan'],
  ['POST', 'enforcement/plans/{id}/refresh', 'plan'],
  ['GET', 'enforcement/plans/{id}/checklist', 'plan'],
  ['GET', 'enforcement/plans/{id}/checklist/export', 'plan'],
  ['PATCH', `enforcement/plans/{id}/checklist/${unknownId}`, 'plan', { done: true }],
  ['POST', 'enforcement/plans/{id}/execute', 'plan', { confirm: true }],
  ['GET', 'enforcement/runs/{id}', 'run'],
  ['GET', 'enforcement/runs/{id}/actions', 'run'],
  ['GET', 'enforcement/runs/{id}/report', 'run'],
  ['POST', 'enforcement/runs/{id}/cancel', 'run', {}],
  ['POST', 'enforcement/runs/{id}/rollback-preview', 'run', {}],
  ['POST', 'enforcement/runs/{id}/rollback', 'run', {}],
  ['DELETE', 'enforcement/runs/{id}', 'run'],
  ['GET', 'jobs/{id}', 'job'],
  ['GET', 'jobs/{id}/events', 'job'],
  ['POST', 'jobs/{id}/cancel', 'job', {}],
  ['POST', 'jobs/{id}/retry', 'job'],
];

// Every row has all four: jest takes a missing last argument for a callback.
const routes = calls.map(([method, path, kind, body]) => [method, path, kind, body] as const);

describe('an id that is not the caller’s', () => {
  it.each(routes)('%s %s of somebody else is a 404', async (method, path, kind, body) => {
    expect(outcome(await stranger.send(method, path.replace('{id}', ids[kind]!), body))).toEqual([404, 'not_found']);
  });

  it.each(routes)('%s %s of nobody is a 404', async (method, path, _kind, body) => {
    expect(outcome(await stranger.send(method, path.replace('{id}', unknownId), body))).toEqual([404, 'not_found']);
  });

  it.each(routes)('%s %s with an id that can be none is a 404', async (method, path, _kind, body) => {
    expect(outcome(await stranger.send(method, path.replace('{id}', 'not-an-id'), body))).toEqual([404, 'not_found']);
  });

  it.each(routes)('%s %s without signing in is a 401', async (method, path, kind, body) => {
    const answer = await harness.api.call(method, `/api/v1/${path.replace('{id}', ids[kind]!)}`, { body });
    expect(outcome(answer)).toEqual([401, 'unauthenticated']);
  });

  it('changed nothing', async () => {
    const [row] = await harness.rows.em.execute<{ plans: string; jobs: string; outbox: string }[]>(
      `select (select count(*) from plans) as plans, (select count(*) from jobs) as jobs, (select count(*) from outbox) as outbox`,
    );
    expect({ plans: Number(row?.plans), jobs: Number(row?.jobs), outbox: Number(row?.outbox) }).toEqual({
      plans: 1,
      jobs: 2,
      outbox: 0,
    });
  });

  it('a plan for somebody else’s connection is a 404', async () => {
    const body = { connectionId: ids.connection, preset: 'standard' };
    expect(outcome(await stranger.send('POST', 'enforcement/plans', body))).toEqual([404, 'not_found']);
  });

  it('an artist that the catalog does not have is a 404 to look at, block and unblock', async () => {
    for (const id of [unknownId, 'not-an-id']) {
      expect(outcome(await stranger.get(`artists/${id}`))).toEqual([404, 'not_found']);
      expect(outcome(await stranger.send('PUT', `blocks/${id}`, {}))).toEqual([404, 'not_found']);
      expect(outcome(await stranger.send('DELETE', `blocks/${id}`))).toEqual([404, 'not_found']);
    }
  });

  const lists = ['connections', 'blocks', 'blocks/effective', 'enforcement/plans', 'enforcement/runs', 'jobs'];
  it.each(lists)('%s of somebody with nothing says that it is empty, and why', async (path) => {
    const answer = await stranger.get(path);
    expect(answer.body).toEqual({ items: [], nextCursor: null, emptyReason: expect.stringMatching(/^no/) });
  });

  it.each(lists)('%s with a cursor that was never given is a 400', async (path) => {
    for (const cursor of ['x', 'e30', Buffer.from('{"id":"1; drop table users"}').toString('base64url')])
      expect(outcome(await stranger.get(`${path}?cursor=${cursor}`))).toEqual([400, 'invalid_cursor']);
  });
});
