import { rememberTracks } from '../../../adapters/postgres/catalog';
import { itemsOf, outcome, startHarness, unknownId, type Caller, type Harness } from './harness';

let harness: Harness;
let person: Caller;
let [one, other, artistId, secondId] = ['', '', '', ''];
let runs: string[];
let actionIds: string[][];
beforeAll(async () => {
  harness = await startHarness();
  const first = { providerId: 'first', name: 'First' };
  const second = { providerId: 'second', name: 'Second' };
  const track = (id: string, artists: { providerId: string; name: string }[]) => ({
    uri: `spotify:track:${id}`,
    name: id,
    durationMs: null,
    isrc: null,
    artists,
    album: null,
  });
  await rememberTracks(harness.rows.em, 'spotify', [
    track('alone', [first]),
    track('shared', [first, second]),
    track('banned', [first]),
  ]);
  artistId = await harness.rows.artist('First', 'first');
  secondId = await harness.rows.artist('Second', 'second');
});
/** Two runs at one connection and one at another, all for the first artist; something is back, something was never done. */
beforeEach(async () => {
  const { rows } = harness;
  person = await harness.person();
  [one, other] = [await rows.connection(person.id), await rows.connection(person.id)];
  runs = [];
  actionIds = [];
  const uri = (id: string) => `spotify:track:${id}`;
  const losses = ['date_added'];
  for (const [connectionId, actions] of [
    [
      one,
      [
        { status: 'applied', uri: uri('alone'), losses, artistId },
        { status: 'applied', uri: uri('shared'), artistId },
        { status: 'undone', uri: uri('banned'), artistId },
        { status: 'skipped', uri: uri('alone'), artistId },
      ],
    ],
    [
      one,
      [
        { status: 'applied', uri: uri('alone'), playlistId: 'mix', losses, artistId },
        { status: 'applied', uri: 'spotify:track:elsewhere', artistId: secondId },
      ],
    ],
    [other, [{ status: 'undo_failed', uri: uri('alone'), artistId }]],
  ] as const) {
    const { id } = await rows.run(person.id, connectionId);
    runs.push(id);
    actionIds.push(
      await rows.actions(
        id,
        [...actions].map((action) => ({ ...action, losses: 'losses' in action ? [...(action.losses ?? [])] : [] })),
      ),
    );
  }
  await person.send('PUT', `blocks/${artistId}`, {});
});
afterAll(() => harness.api.close());

const preview = (body: unknown = {}) => person.send('POST', `blocks/${artistId}/restore-preview`, body);
const restore = (body: unknown = {}) => person.send('POST', `blocks/${artistId}/restore`, body);
const blocked = async () => (await person.get('blocks')).body.items as unknown[];

describe('bringing an artist back', () => {
  it('takes in everything ever removed for them over all runs, and tells what it loses', async () => {
    const { body } = await preview({ unblock: true });
    expect(body).toMatchObject({
      total: 4,
      exact: 2,
      byLoss: { date_added: 2 },
      byConnection: [one, other].sort().map((connectionId) => ({ connectionId, total: connectionId === one ? 3 : 1 })),
      skippedTotal: 0,
    });
    expect(new Set(itemsOf({ body } as never).map(({ runId }) => runId))).toEqual(new Set(runs));
    expect((await preview({ connectionId: other })).body).toMatchObject({ total: 1, exact: 1 });
    expect(await blocked()).toHaveLength(1);
  });

  it('begins one rollback a connection over several runs, and withdraws the block with it', async () => {
    const planId = await harness.rows.plan(person.id, one);
    await harness.rows.items(planId, [{ uri: 'spotify:track:alone', artistId }]);
    const answer = await restore({ unblock: true });
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ unblocked: true, kept: 0, skipped: 0 });
    const started = answer.body.runs as { connectionId: string; runId: string; jobId: string; actions: number }[];
    expect(started.map(({ connectionId, actions }) => [connectionId, actions]).sort()).toEqual(
      [
        [one, 3],
        [other, 1],
      ].sort(),
    );
    const atOne = started.find(({ connectionId }) => connectionId === one)!;
    expect((await person.get(`enforcement/runs/${atOne.runId}`)).body).toMatchObject({
      runType: 'rollback',
      rollbackOf: [runs[0], runs[1]].sort(),
      counts: { pending: 3 },
    });
    const undoes = itemsOf(await person.get(`enforcement/runs/${atOne.runId}/actions`)).map((action) => action.undoes);
    expect(new Set(undoes)).toEqual(new Set([actionIds[0]![0], actionIds[0]![1], actionIds[1]![0]]));
    for (const runId of runs.slice(0, 2))
      expect((await person.get(`enforcement/runs/${runId}`)).body).toMatchObject({ rolledBackBy: [atOne.runId] });
    expect(await blocked()).toEqual([]);
    expect((await person.get(`enforcement/plans/${planId}`)).body).toMatchObject({ status: 'stale' });
    expect(harness.started.length).toBeGreaterThanOrEqual(2);
  });

  it('leaves out what somebody else blocked, or the track’s own block, still wants out', async () => {
    await person.send('PUT', `blocks/${secondId}`, {});
    const [row] = await harness.rows.em.execute<{ id: string }[]>(
      `select id from tracks where uri = 'spotify:track:alone'`,
    );
    const { body } = await preview({ unblock: true, connectionId: one });
    expect(body).toMatchObject({
      total: 2,
      skipped: [
        {
          actionId: actionIds[0]![1],
          runId: runs[0],
          connectionId: one,
          reason: 'artist_blocked',
          blockedBy: [{ artistId: secondId, artistName: 'Second' }],
        },
      ],
    });
    await person.send('PUT', `track-blocks/${row!.id}`, {});
    const answer = await restore({ unblock: true });
    expect(answer.body).toMatchObject({ runs: [], unblocked: true, skipped: 4 });
    expect((await preview({})).body.skipped).toMatchObject([
      { reason: 'track_blocked', blockedBy: [] },
      { reason: 'artist_blocked' },
      { reason: 'track_blocked' },
      { reason: 'track_blocked' },
    ]);
  });

  it('takes in a song of two that went for the other one, unless that one is blocked', async () => {
    const ofSecond = async () => (await person.send('POST', `blocks/${secondId}/restore-preview`, {})).body;
    expect(await ofSecond()).toMatchObject({ total: 1, skipped: [{ actionId: actionIds[0]![1] }] });
    await person.send('DELETE', `blocks/${artistId}`);
    expect(await ofSecond()).toMatchObject({ total: 2, skippedTotal: 0 });
  });

  it('counts a featured artist only where the plan did', async () => {
    await person.send('PUT', `blocks/${secondId}`, {});
    const planId = await harness.rows.plan(person.id, one);
    await harness.rows.em.execute(`update plans set preset = 'light', status = 'executed' where id = ?`, [planId]);
    await harness.rows.em.execute(`update runs set plan_id = ? where id = ?`, [planId, runs[0]]);
    expect((await preview({ unblock: true })).body).toMatchObject({ total: 4, skippedTotal: 0 });
  });

  it('with the block standing keeps what comes back where asked', async () => {
    const answer = await restore({ keepException: true });
    expect(answer.body).toMatchObject({ unblocked: false, kept: 2 });
    expect(await blocked()).toHaveLength(1);
    const kept = itemsOf(await person.get('exceptions'));
    expect(kept.map(({ subjectType, name }) => [subjectType, name]).sort()).toEqual([
      ['track', 'alone'],
      ['track', 'shared'],
    ]);
  });

  it('many times at once undoes each action once', async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => restore({ unblock: true })));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409, 409]);
    for (const answer of answers.filter(({ status }) => status === 409))
      expect(answer.body.code).toBe('connection_busy');
    const [row] = await harness.rows.em.execute<{ count: string }[]>(
      `select count(*) as count from actions a join runs r on r.id = a.run_id where r.user_id = ? and r.run_type = 'rollback'`,
      [person.id],
    );
    expect(Number(row?.count)).toBe(4);
  });

  it('is refused as a whole where a run is on its way, and the block stands', async () => {
    const rollback = await person.send('POST', `enforcement/runs/${runs[2]}/rollback`, {});
    expect(rollback.status).toBe(202);
    const answer = await restore({ unblock: true });
    expect(outcome(answer)).toEqual([409, 'connection_busy']);
    expect(answer.body.resource).toMatchObject({ id: rollback.body.runId });
    expect(itemsOf(await person.get('enforcement/runs?runType=rollback'))).toHaveLength(1);
    expect(await blocked()).toHaveLength(1);
    const open = await harness.rows.run(person.id, one, { status: 'running' });
    await harness.rows.actions(open.id, [{ status: 'applied', artistId }]);
    expect((await restore({ unblock: true, connectionId: one })).body).toMatchObject({ resource: { id: open.id } });
  });

  it('is refused through a connection that must be renewed', async () => {
    await harness.rows.em.execute(`update connections set health = 'needs_reconnect' where id = ?`, [other]);
    expect(outcome(await restore({ unblock: true }))).toEqual([409, 'connection_unusable']);
    expect((await restore({ unblock: true, connectionId: one })).status).toBe(202);
  });

  it('of whom nothing is out is a 409, unless there is a block to withdraw', async () => {
    await harness.rows.em.execute(`update actions set status = 'undone' where run_id in (?, ?, ?)`, runs);
    expect(outcome(await restore())).toEqual([409, 'nothing_to_undo']);
    expect((await restore({ unblock: true })).body).toMatchObject({ runs: [], unblocked: true });
    expect(outcome(await restore({ unblock: true }))).toEqual([409, 'nothing_to_undo']);
  });

  it('takes nothing of anybody else’s, and no artist or connection that there is not', async () => {
    const stranger = await harness.person();
    const path = `blocks/${artistId}/restore-preview`;
    expect((await stranger.send('POST', path, {})).body).toMatchObject({ total: 0, items: [] });
    expect(outcome(await stranger.send('POST', path, { connectionId: one }))).toEqual([404, 'not_found']);
    for (const verb of ['restore', 'restore-preview'])
      expect(outcome(await person.send('POST', `blocks/${unknownId}/${verb}`, {}))).toEqual([404, 'not_found']);
    expect(outcome(await restore({ unblocked: true }))).toEqual([400, 'invalid_request']);
  });
});

describe('a rollback that keeps what it brings back', () => {
  it('makes exceptions for it in the same breath, and plans turn stale', async () => {
    const planId = await harness.rows.plan(person.id, one);
    await harness.rows.items(planId, [{ uri: 'spotify:track:alone', artistId, playlistId: 'mix' }]);
    const answer = await person.send('POST', `enforcement/runs/${runs[1]}/rollback`, {
      actionIds: [actionIds[1]![0]],
      keep: true,
    });
    expect(answer.status).toBe(202);
    expect(itemsOf(await person.get('exceptions'))).toMatchObject([{ subjectType: 'track', name: 'alone' }]);
    expect((await person.get(`enforcement/plans/${planId}`)).body).toMatchObject({
      status: 'stale',
      staleReasons: ['exception_made'],
    });
  });

  it('makes none without being asked, and none where the rollback is refused', async () => {
    expect((await person.send('POST', `enforcement/runs/${runs[0]}/rollback`, {})).status).toBe(202);
    expect(outcome(await person.send('POST', `enforcement/runs/${runs[1]}/rollback`, { keep: true }))).toEqual([
      409,
      'connection_busy',
    ]);
    expect(itemsOf(await person.get('exceptions'))).toEqual([]);
  });
});
