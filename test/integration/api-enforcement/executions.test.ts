import { createEnforcementActivities } from '../../../activities/enforcement';
import { createRunActivities } from '../../../activities/runs';
import type { CredentialAccess } from '../../../adapters/postgres/credential-access';
import type { AppleMusicClient } from '../../../adapters/providers/apple-music/types';
import type { SpotifyClient } from '../../../adapters/providers/spotify/types';
import { ProviderError } from '../../../domain/errors';
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

describe('a run that is to be undone on failure', () => {
  /** A run of a plan of which two were taken out; what became of the third is up to the story. */
  async function endedWith(third: 'failed' | 'pending' | 'skipped', body: Record<string, unknown>, plans = 'keep') {
    const artistId = await harness.rows.artist('Out');
    const planId = await harness.rows.plan(person.id, connectionId);
    await harness.rows.em.execute(`update plans set on_failure = ? where id = ?`, [plans, planId]);
    await harness.rows.items(
      planId,
      ['a', 'b', 'c'].map((id) => ({ uri: `spotify:track:${id}`, artistId })),
    );
    const answer = await person.send('POST', `enforcement/plans/${planId}/execute`, { confirm: true, ...body });
    const runId = String(answer.body.runId);
    await harness.rows.em.execute(
      `update actions set status = case seq when 2 then ? else 'applied' end, applied_at = now() where run_id = ?`,
      [third, runId],
    );
    // Two workers at its end, and the process of either dies before anything is started.
    const { orm } = harness.api.deps;
    const tryStart = () => new Promise<never>(() => undefined);
    const { finishRun } = createRunActivities({ orm, dispatcher: { start: tryStart, tryStart } });
    const finish = () => finishRun({ runId, failureCode: third === 'pending' ? 'provider_unavailable' : null });
    void finish();
    void finish();
    while (!(await person.get(`enforcement/runs/${runId}`)).body.finishedAt);
    await finish();
    const runs = (await person.get('enforcement/runs?runType=rollback')).body.items;
    return { runId, rollbacks: runs as Record<string, unknown>[] };
  }

  it.each([
    ['failed', { onFailure: 'rollback' }, 'keep'],
    ['failed', {}, 'rollback'],
    ['pending', { onFailure: 'rollback' }, 'keep'],
  ] as const)('with an action %s (execute: %j, plan: %s) has one rollback, whoever dies', async (third, body, plan) => {
    const { runId, rollbacks } = await endedWith(third, body, plan);
    expect(rollbacks).toMatchObject([{ rollbackOf: [runId], startedBy: 'failure', counts: { included: 2 } }]);
    const starts = await harness.rows.em.execute(
      `select o.workflow_id from outbox o where o.started_at is null and o.workflow_type = 'rollback' and o.input->>'runId' = ?`,
      [rollbacks[0]!.id],
    );
    expect(starts).toEqual([{ workflow_id: `run:${String(rollbacks[0]!.id)}` }]);
    const audited = await harness.rows.em.execute(
      `select details from audit_entries where event = 'run.rollback_started' and subject_id = ?`,
      [runId],
    );
    expect(audited).toMatchObject([{ details: { startedBy: 'failure', actions: 2, rollbackId: rollbacks[0]!.id } }]);
  });

  it.each([
    ['skipped', { onFailure: 'rollback' }, 'keep'],
    ['failed', { onFailure: 'keep' }, 'rollback'],
    ['failed', {}, 'keep'],
  ] as const)('with an action %s (execute: %j, plan: %s) stays as it is', async (third, body, plan) => {
    expect((await endedWith(third, body, plan)).rollbacks).toEqual([]);
  });
});

describe('a run at Apple Music', () => {
  let runId: string;
  beforeEach(async () => {
    const { em } = harness.rows;
    const artistId = await harness.rows.artist('Somebody');
    await em.execute(`update connections set provider = 'apple_music' where id = ?`, [connectionId]);
    const planId = await harness.rows.plan(person.id, connectionId);
    await harness.rows.items(planId, [{ uri: 'apple-music:song:1', artistId }]);
    await em.execute(
      `update plan_items set item_type = 'rated_song', action_type = 'dislike_song', losses = '{}' where plan_id = ?`,
      [planId],
    );
    runId = String((await person.send('POST', `enforcement/plans/${planId}/execute`, { confirm: true })).body.runId);
  });
  const token = { accessToken: 'x', clientId: '', quota: 'apple', epoch: 1, version: 1 };
  const access = { forConnection: () => Promise.resolve(token) } as unknown as CredentialAccess;
  /** A slice of the run at a stand-in that holds one rating. */
  function slice(appleMusic: Partial<AppleMusicClient> | null) {
    const { orm } = harness.api.deps;
    const client = appleMusic as AppleMusicClient | null;
    return createEnforcementActivities({ orm, spotify: {} as SpotifyClient, appleMusic: client, access }).runSlice({
      runId,
    });
  }
  const actions = () =>
    harness.rows.em.execute(`select status, outcome_code, before->'rating' as rating from actions where run_id = ?`, [
      runId,
    ]);

  it('waits with nothing done while Apple Music is not configured, and goes on once it is', async () => {
    expect(await slice(null)).toEqual({ state: 'waiting', reason: 'provider_not_configured', seconds: 60 });
    expect(await actions()).toEqual([{ status: 'pending', outcome_code: null, rating: null }]);
    expect(await slice({ ratings: () => Promise.resolve(new Map([['1', -1]])) })).toEqual({ state: 'done' });
    expect(await actions()).toEqual([{ status: 'skipped', outcome_code: 'already_disliked', rating: null }]);
  });

  it('that had to wait before its write gives back what it finds afterwards: its person has loved the song meanwhile', async () => {
    const limited = {
      ratings: () => Promise.resolve(new Map<string, 1 | -1>()),
      rate: () => Promise.reject(new ProviderError('rate_limited', { retryAfterSeconds: 7_200 })),
    };
    expect(await slice(limited)).toEqual({ state: 'waiting', reason: 'rate_limited', seconds: 7_200 });
    expect(await actions()).toMatchObject([{ status: 'pending' }]);
    let rating: 1 | -1 = 1;
    const open = {
      ratings: () => Promise.resolve(new Map([['1', rating]])),
      rate: () => Promise.resolve(void (rating = -1)),
    };
    expect(await slice(open)).toEqual({ state: 'done' });
    expect(await actions()).toEqual([{ status: 'applied', outcome_code: 'disliked', rating: 1 }]);
  });
});
