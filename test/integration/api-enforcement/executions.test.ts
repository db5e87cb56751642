import { outcome, startHarness, type Caller, type Harness } from './harness';

let harness: Harness;
let person: Caller;
let connectionId: string;
beforeEach(async () => {
  person = await harness.person();
  connectionId = await harness.rows.connection(person.id);
});
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.api.close());

describe('a plan that cannot be changed or carried out', () => {
  const states: [string, Parameters<Harness['rows']['plan']>[2], [number, string]][] = [
    ['being prepared', { status: 'preparing' }, [409, 'plan_not_ready']],
    ['failed', { status: 'failed', failureCode: 'provider_unavailable' }, [409, 'plan_failed']],
    ['expired', { expired: true }, [409, 'plan_expired']],
  ];
  it.each(states)('one %s', async (_name, fields, expected) => {
    const planId = await harness.rows.plan(person.id, connectionId, fields);
    const change = { filter: {}, included: false };
    expect(outcome(await person.send('PATCH', `enforcement/plans/${planId}/items`, change))).toEqual(expected);
    expect(outcome(await person.send('POST', `enforcement/plans/${planId}/execute`, { confirm: true }))).toEqual(
      expected,
    );
  });

  it('an expired one says so', async () => {
    const planId = await harness.rows.plan(person.id, connectionId, { expired: true });
    expect((await person.get(`enforcement/plans/${planId}`)).body.status).toBe('expired');
  });

  it('one whose block was withdrawn is stale: it can be looked at and changed, not carried out', async () => {
    const artist = await harness.rows.artist('Forgiven');
    const planId = await harness.rows.plan(person.id, connectionId);
    await harness.rows.items(planId, [{ uri: 'spotify:track:a', artistId: artist }]);
    expect((await person.send('PUT', `blocks/${artist}`, {})).status).toBe(201);
    expect((await person.get(`enforcement/plans/${planId}`)).body).toMatchObject({
      status: 'ready',
      newBlocksSince: 1,
    });
    expect((await person.send('DELETE', `blocks/${artist}`)).status).toBe(204);
    expect((await person.get(`enforcement/plans/${planId}`)).body).toMatchObject({
      status: 'stale',
      staleReasons: ['block_withdrawn'],
    });
    const answer = await person.send('POST', `enforcement/plans/${planId}/execute`, { confirm: true });
    expect(outcome(answer)).toEqual([409, 'plan_stale']);
    expect(answer.body.params).toEqual({ reasons: 'block_withdrawn' });
    const change = { filter: {}, included: false };
    expect((await person.send('PATCH', `enforcement/plans/${planId}/items`, change)).body.changed).toBe(1);
  });

  it('one without anything to do', async () => {
    const planId = await harness.rows.plan(person.id, connectionId);
    const execute = () => person.send('POST', `enforcement/plans/${planId}/execute`, { confirm: true });
    expect(outcome(await execute())).toEqual([409, 'plan_empty']);
    expect((await person.get(`enforcement/plans/${planId}`)).body).toMatchObject({ status: 'ready', runId: null });
  });
});

describe('carrying a plan out', () => {
  let planId: string;
  beforeEach(async () => {
    planId = await harness.rows.plan(person.id, connectionId);
    const artist = await harness.rows.artist('Out');
    await harness.rows.items(planId, [
      { uri: 'spotify:track:a', artistId: artist },
      { uri: 'spotify:track:b', artistId: artist },
      { uri: 'spotify:track:c', artistId: artist, included: false },
    ]);
  });
  const execute = (body: unknown = { confirm: true }) =>
    person.send('POST', `enforcement/plans/${planId}/execute`, body);

  it.each([undefined, {}, { confirm: false }])('without a confirmation (%j) is a 400', async (body) => {
    const answer = await person.send('POST', `enforcement/plans/${planId}/execute`, body);
    expect(outcome(answer)).toEqual([400, 'confirmation_required']);
  });

  it.each([{ confirm: 'yes' }, { confirm: true, sample: 0 }, { confirm: true, force: true }])(
    'with %j is a 400',
    async (body) => {
      expect(outcome(await execute(body))).toEqual([400, 'invalid_request']);
    },
  );

  it('makes a run with one action per included item', async () => {
    const answer = await execute();
    expect(answer.status).toBe(202);
    const { runId, jobId } = answer.body;
    expect(answer.headers.get('location')).toBe(`/api/v1/jobs/${String(jobId)}`);
    expect((await person.get(`enforcement/runs/${String(runId)}`)).body).toMatchObject({
      runType: 'enforce',
      status: 'queued',
      undone: 'none',
      planId,
      rollbackOf: [],
      counts: { included: 2, pending: 2, applied: 0, skipped: 0, failed: 0 },
      receipt: null,
      waiting: null,
      finishedAt: null,
    });
    expect((await person.get(`enforcement/plans/${planId}`)).body).toMatchObject({ status: 'executed', runId });
    const audited = await harness.rows.em.execute(
      `select 1 from audit_entries where event = 'plan.executed' and subject_id = ?`,
      [runId],
    );
    expect(audited).toHaveLength(1);
  });

  it('a sample carries out the first few', async () => {
    const { runId } = (await execute({ confirm: true, sample: 1 })).body;
    expect((await person.get(`enforcement/runs/${String(runId)}`)).body.counts).toMatchObject({ included: 1 });
  });

  it('twice at once makes one run, and says which', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => execute()));
    const won = answers.filter(({ status }) => status === 202);
    expect(won).toHaveLength(1);
    const runId = won[0]?.body.runId;
    for (const answer of answers.filter(({ status }) => status !== 202)) {
      expect(outcome(answer)).toEqual([409, 'plan_already_executed']);
      expect(answer.body.resource).toEqual({
        type: 'run',
        id: runId,
        href: `/api/v1/enforcement/runs/${String(runId)}`,
      });
    }
    const again = await person.send('PATCH', `enforcement/plans/${planId}/items`, { filter: {}, included: false });
    expect(outcome(again)).toEqual([409, 'plan_already_executed']);
    expect(outcome(await person.send('DELETE', `enforcement/plans/${planId}`))).toEqual([409, 'plan_already_executed']);
  });

  it('while another run has the connection is a 409 with that run', async () => {
    const { runId } = (await execute()).body;
    planId = await harness.rows.plan(person.id, connectionId);
    await harness.rows.items(planId, [{ uri: 'spotify:track:a', artistId: await harness.rows.artist('Out') }]);
    const answer = await execute();
    expect(outcome(answer)).toEqual([409, 'connection_busy']);
    expect(answer.body.resource).toMatchObject({ type: 'run', id: runId });
    expect((await person.get(`enforcement/plans/${planId}`)).body.status).toBe('ready');
  });
});
