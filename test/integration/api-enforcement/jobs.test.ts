import { addMilestone, enterPhase, finishJob } from '../../../adapters/postgres/jobs';
import { allPages, itemsOf, outcome, startHarness, type Caller, type Harness } from './harness';

let harness: Harness;
let person: Caller;
beforeAll(async () => {
  harness = await startHarness({}, { TEMPORAL_UI_URL: 'http://127.0.0.1:8233' });
});
beforeEach(async () => {
  person = await harness.person();
});
afterAll(() => harness.api.close());

describe('a job', () => {
  it('shows its progress, its subject and why it failed', async () => {
    const connectionId = await harness.rows.connection(person.id);
    const running = await harness.rows.job(person.id, {
      subjectId: connectionId,
      status: 'running',
      done: 25,
      total: 100,
    });
    const { body } = await person.get(`jobs/${running}`);
    expect(body).toMatchObject({
      type: 'library_sync',
      status: 'running',
      progress: { done: 25, total: 100 },
      percent: 25,
      etaSeconds: expect.any(Number),
      waiting: null,
      failure: null,
      subject: { type: 'connection', id: connectionId, href: `/api/v1/connections/${connectionId}` },
      retryOf: null,
      finishedAt: null,
    });
    const failed = await harness.rows.job(person.id, { status: 'failed', failureCode: 'provider_unavailable' });
    expect((await person.get(`jobs/${failed}`)).body).toMatchObject({
      failure: { code: 'provider_unavailable' },
      etaSeconds: null,
    });
  });

  it('is in the list of its person, newest first, by type and status where asked', async () => {
    const ids = [
      await harness.rows.job(person.id, { type: 'library_sync', status: 'completed' }),
      await harness.rows.job(person.id, { type: 'plan', subjectType: 'plan', status: 'failed' }),
      await harness.rows.job(person.id, { type: 'plan', subjectType: 'plan', status: 'completed' }),
    ];
    expect((await allPages(person, 'jobs', 2)).map(({ id }) => id)).toEqual([...ids].reverse());
    expect(itemsOf(await person.get('jobs?type=plan')).map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    expect(itemsOf(await person.get('jobs?type=plan&status=failed')).map(({ id }) => id)).toEqual([ids[1]]);
    expect((await person.get('jobs?status=waiting')).body.emptyReason).toBe('nothing_matches');
    expect(outcome(await person.get('jobs?status=lost'))).toEqual([400, 'invalid_request']);
  });

  it('shows its workflow to admins only, where nothing is a sandbox', async () => {
    const jobId = await harness.rows.job(person.id);
    expect((await person.get(`jobs/${jobId}`)).body).not.toHaveProperty('temporalUrl');
    const admin = await harness.person({ roles: ['admin'] });
    const own = await harness.rows.job(admin.id);
    expect((await admin.get(`jobs/${own}`)).body.temporalUrl).toBe(
      `http://127.0.0.1:8233/namespaces/default/workflows/library_sync%3A${own}`,
    );
  });
});

describe('cancelling and trying again', () => {
  it('a sync cannot be cancelled, and what has ended neither', async () => {
    const running = await harness.rows.job(person.id, { status: 'running' });
    expect(outcome(await person.send('POST', `jobs/${running}/cancel`))).toEqual([409, 'job_not_cancellable']);
    const ended = await harness.rows.job(person.id, { status: 'completed' });
    const answer = await person.send('POST', `jobs/${ended}/cancel`, {});
    expect(outcome(answer)).toEqual([409, 'job_finished']);
    expect(answer.body.resource).toEqual({ type: 'job', id: ended, href: `/api/v1/jobs/${ended}` });
  });

  it('a failed sync starts again as a new job that names the old one', async () => {
    const subjectId = await harness.rows.connection(person.id);
    const failed = await harness.rows.job(person.id, { status: 'failed', subjectId });
    const answer = await person.send('POST', `jobs/${failed}/retry`);
    expect(answer.status).toBe(202);
    expect((await person.get(`jobs/${String(answer.body.jobId)}`)).body).toMatchObject({
      type: 'library_sync',
      retryOf: failed,
      subject: { id: subjectId },
    });
  });

  it('a failed plan starts again as a new plan with the same settings', async () => {
    const connectionId = await harness.rows.connection(person.id);
    const planId = await harness.rows.plan(person.id, connectionId, { status: 'failed', failureCode: 'x' });
    const failed = await harness.rows.job(person.id, {
      type: 'plan',
      subjectType: 'plan',
      subjectId: planId,
      status: 'failed',
    });
    await harness.rows.em.execute(`update plans set preset = 'light', switches = '{"featured":true}' where id = ?`, [
      planId,
    ]);
    const { status, body } = await person.send('POST', `jobs/${failed}/retry`);
    expect(status).toBe(202);
    expect(body.planId).not.toBe(planId);
    expect((await person.get(`enforcement/plans/${String(body.planId)}`)).body).toMatchObject({
      preset: 'light',
      switches: { featured: true },
      status: 'preparing',
      jobId: body.jobId,
    });
    expect((await person.get(`jobs/${String(body.jobId)}`)).body.retryOf).toBe(failed);
  });

  it.each([
    ['a run', { type: 'enforce', subjectType: 'run', status: 'failed' }],
    ['a sync that went well', { status: 'completed' }],
    ['a sync under way', { status: 'running' }],
    ['a sync of a connection that is gone', { status: 'failed' }],
  ])('%s cannot be tried again', async (_name, fields) => {
    const jobId = await harness.rows.job(person.id, fields);
    expect(outcome(await person.send('POST', `jobs/${jobId}/retry`))).toEqual([409, 'job_not_retryable']);
  });
});

interface SentEvent {
  id: string;
  event: string;
  data: Record<string, unknown>;
}

/** Watches a job over HTTP as an EventSource would. */
async function watch(caller: { token: string }, jobId: string, lastEventId?: string) {
  const controller = new AbortController();
  const response = await fetch(`${harness.api.url}/api/v1/jobs/${jobId}/events`, {
    headers: { authorization: `Bearer ${caller.token}`, ...(lastEventId ? { 'last-event-id': lastEventId } : {}) },
    signal: controller.signal,
  });
  const events: SentEvent[] = [];
  const reading = (async () => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s, 2)));
        if (fields.data) events.push({ id: fields.id, event: fields.event, data: JSON.parse(fields.data) });
      }
    }
  })();
  reading.catch(() => undefined);
  return {
    response,
    events,
    ended: reading,
    leave: () => controller.abort(),
    until: async (done: (events: SentEvent[]) => boolean) => {
      while (!done(events)) await new Promise((resolve) => setTimeout(resolve, 20));
    },
  };
}

describe('watching a job', () => {
  let caller: { id: string; token: string };
  let jobId: string;
  const em = () => harness.api.deps.orm.em.fork();
  beforeEach(async () => {
    caller = await harness.api.person();
    jobId = await harness.rows.job(caller.id, { status: 'running', total: 10 });
  });

  it('tells progress when it changes, milestones as sentences, and the end; then it is over', async () => {
    const stream = await watch(caller, jobId);
    expect(stream.response.headers.get('content-type')).toContain('text/event-stream');
    await stream.until((events) => events.length === 1);
    await enterPhase(em(), jobId, 'removing', 1, { done: 4, total: 10 });
    await stream.until((events) => events.length === 2);
    await em().transactional(async (tx) => {
      await addMilestone(tx, jobId, 'plan_ready', { total: 5, included: 3 });
      await finishJob(tx, jobId, 'completed');
    });
    await stream.ended;
    expect(stream.events.map(({ id, event }) => [id, event])).toEqual([
      ['0', 'progress'],
      ['0', 'progress'],
      ['1', 'milestone'],
      ['1', 'progress'],
      ['1', 'done'],
    ]);
    expect(stream.events[1]?.data).toMatchObject({ percent: 40 });
    expect(stream.events[2]?.data).toMatchObject({
      code: 'plan_ready',
      params: { total: 5, included: 3 },
      text: 'The plan is ready: 3 of 5 items are included.',
    });
    expect(stream.events[4]?.data).toMatchObject({ id: jobId, status: 'completed', percent: 100 });
  });

  it('goes on after the last milestone that was seen', async () => {
    for (const code of ['one', 'two', 'three']) await addMilestone(em(), jobId, code);
    await finishJob(em(), jobId, 'failed', 'provider_unavailable');
    const stream = await watch(caller, jobId, '2');
    await stream.ended;
    expect(stream.events.filter(({ event }) => event === 'milestone').map(({ data }) => data.text)).toEqual(['Three.']);
    expect(stream.events.at(-1)).toMatchObject({
      id: '3',
      event: 'done',
      data: { failure: { code: 'provider_unavailable' } },
    });
    const odd = await watch(caller, jobId, 'x');
    await odd.ended;
    expect(odd.events.filter(({ event }) => event === 'milestone')).toHaveLength(3);
  });

  it('by sixty people at once leaves the database to others, and who leaves is forgotten', async () => {
    const streams = await Promise.all(Array.from({ length: 60 }, () => watch(caller, jobId)));
    for (const stream of streams) await stream.until((events) => events.length === 1);
    expect((await harness.api.call('GET', `/api/v1/jobs/${jobId}`, { token: caller.token })).status).toBe(200);
    for (const stream of streams.slice(1)) stream.leave();
    await finishJob(em(), jobId, 'completed');
    await streams[0]?.ended;
    expect(streams[0]?.events.at(-1)?.event).toBe('done');
    expect(harness.api.logged().filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });

  it('ends when the process is told to stop', async () => {
    const stopping = new AbortController();
    const other = await startHarness({ closing: stopping.signal });
    const theirs = await other.api.person();
    const job = await other.rows.job(theirs.id, { status: 'running' });
    const response = await fetch(`${other.api.url}/api/v1/jobs/${job}/events`, {
      headers: { authorization: `Bearer ${theirs.token}` },
    });
    stopping.abort();
    expect(await response.text()).not.toContain('event: done');
    await other.api.close();
  });
});
