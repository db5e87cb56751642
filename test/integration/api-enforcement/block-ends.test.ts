import { createExpiryActivities } from '../../../activities/expire-blocks';
import { rememberTracks } from '../../../adapters/postgres/catalog';
import { itemsOf, outcome, startHarness, unknownId, type Caller, type Harness } from './harness';

let harness: Harness;
let expiry: ReturnType<typeof createExpiryActivities>;
let [artistId, secondId, trackId] = ['', '', ''];
let person: Caller;
let [connectionId, runId] = ['', ''];

beforeAll(async () => {
  harness = await startHarness();
  const { orm, dispatcher } = harness.api.deps;
  expiry = createExpiryActivities({ orm, dispatcher });
  const [first, second] = [
    { providerId: 'first', name: 'First' },
    { providerId: 'second', name: 'Second' },
  ];
  const track = (id: string, artists: (typeof first)[]) => ({
    uri: `spotify:track:${id}`,
    name: id,
    durationMs: null,
    isrc: null,
    artists,
    album: null,
  });
  await rememberTracks(harness.rows.em, 'spotify', [track('alone', [first!]), track('shared', [first!, second!])]);
  artistId = await harness.rows.artist('First', 'first');
  secondId = await harness.rows.artist('Second', 'second');
  [{ id: trackId }] = (await sql(`select id from tracks where uri = 'spotify:track:alone'`)) as [{ id: string }];
});
beforeEach(async () => {
  const { rows } = harness;
  person = await harness.person();
  connectionId = await rows.connection(person.id);
  runId = (await rows.run(person.id, connectionId)).id;
  await rows.actions(runId, [
    { status: 'applied', uri: 'spotify:track:alone', artistId },
    { status: 'applied', uri: 'spotify:track:shared', artistId },
  ]);
});
afterAll(() => harness.api.close());

const sql = <T = Record<string, unknown>>(statement: string, values: unknown[] = []) =>
  harness.api.deps.orm.em.fork().execute<T[]>(statement, values);
const later = () => new Date(Date.now() + 86_400_000).toISOString();
/** Blocks for a while, and lets that be over. */
async function blockUntilNow(onExpiry?: string, ends = 'now()'): Promise<void> {
  const answer = await person.send('PUT', `blocks/${artistId}`, {
    expiresAt: later(),
    ...(onExpiry ? { onExpiry } : {}),
  });
  expect(answer.body).toMatchObject({ onExpiry: onExpiry ?? 'keep', expired: false });
  await sql(`update blocks set expires_at = ${ends} where user_id = ?`, [person.id]);
}
const end = () => expiry.endExpiredBlocks({ people: 50 });
const restore = () => expiry.restoreAfterExpiry({ limit: 50 });
const rollbacks = async () => itemsOf(await person.get('enforcement/runs?runType=rollback'));
const restores = () =>
  sql(`select status, waiting_reason, run_id from block_restores where connection_id = ?`, [connectionId]);
const tryNow = () => sql(`update block_restores set next_try_at = now() where connection_id = ?`, [connectionId]);

it('ends a block once, tells its person what could come back, and leaves that to them', async () => {
  const planId = await harness.rows.plan(person.id, connectionId);
  await harness.rows.items(planId, [{ uri: 'spotify:track:alone', artistId }]);
  await blockUntilNow();
  const ended = await Promise.all([end(), end()]);
  expect(ended.reduce((sum, one) => sum + one.ended, 0)).toBe(1);
  expect(await end()).toMatchObject({ ended: 0, more: false });
  await restore();
  expect(await rollbacks()).toEqual([]);
  const told = itemsOf(await person.get('me/notifications'));
  expect(told).toEqual([
    expect.objectContaining({
      type: 'block.ended',
      params: { artistId, onExpiry: 'keep', restorable: 2 },
      href: `/api/v1/blocks/${artistId}/restore`,
    }),
  ]);
  expect(
    await sql(`select details from audit_entries where actor_id = ? and event = 'block.ended'`, [person.id]),
  ).toEqual([{ details: { onExpiry: 'keep', restorable: 2 } }]);
  expect((await person.get(`enforcement/plans/${planId}`)).body).toMatchObject({
    status: 'stale',
    staleReasons: ['block_expired'],
  });
  expect(itemsOf(await person.get('blocks'))).toMatchObject([{ artistId, expired: true }]);
  // What the notification offers is ready.
  const back = await person.send('POST', String(told[0]!.href).replace('/api/v1/', ''), {});
  expect(back).toMatchObject({ status: 202, body: { runs: [{ connectionId, actions: 2 }] } });
});

it('brings back what it took out, but for what something else still wants out, once', async () => {
  await blockUntilNow('restore');
  await person.send('PUT', `blocks/${secondId}`, {});
  await end();
  await Promise.all([restore(), restore()]);
  await tryNow();
  await restore();
  const [run, ...others] = await rollbacks();
  expect(others).toEqual([]);
  expect(run).toMatchObject({ rollbackOf: [runId], startedBy: 'expiry', counts: { pending: 1 } });
  expect(await restores()).toEqual([{ status: 'started', waiting_reason: null, run_id: run!.id }]);
  expect(itemsOf(await person.get('me/notifications'))).toMatchObject([
    { params: { onExpiry: 'restore', restorable: 1 } },
  ]);
});

it('waits for a run that is under way, and for a connection that must be renewed, for a month', async () => {
  const { id: working } = await harness.rows.run(person.id, connectionId, { status: 'running' });
  await sql(`insert into connection_locks (connection_id, run_id) values (?, ?)`, [connectionId, working]);
  await blockUntilNow('restore');
  await end();
  await restore();
  expect(await restores()).toMatchObject([{ status: 'waiting', waiting_reason: 'connection_busy' }]);
  await sql(`delete from connection_locks where connection_id = ?`, [connectionId]);
  await sql(`update connections set health = 'needs_reconnect' where id = ?`, [connectionId]);
  await tryNow();
  await restore();
  expect(await restores()).toMatchObject([{ status: 'waiting', waiting_reason: 'connection_unusable' }]);
  await sql(`update block_restores set expired_at = now() - interval '31 days' where connection_id = ?`, [
    connectionId,
  ]);
  await tryNow();
  await restore();
  expect(await restores()).toMatchObject([{ status: 'given_up', run_id: null }]);
  expect(await rollbacks()).toEqual([]);
});

it('brings nothing back that its person has blocked anew', async () => {
  await blockUntilNow('restore');
  await end();
  expect((await person.send('PUT', `blocks/${artistId}`, {})).body).toMatchObject({
    expiresAt: null,
    onExpiry: 'keep',
    expired: false,
  });
  await restore();
  expect(await restores()).toMatchObject([{ status: 'superseded' }]);
  await blockUntilNow('restore', `now() + interval '1 day'`);
  expect(await end()).toMatchObject({ ended: 0 });
});

it('ends the block of one song likewise, and brings it back when asked', async () => {
  const path = `track-blocks/${trackId}`;
  await person.send('PUT', path, { expiresAt: later(), onExpiry: 'restore' });
  await sql(`update track_blocks set expires_at = now() where user_id = ?`, [person.id]);
  await end();
  expect(itemsOf(await person.get('me/notifications'))).toMatchObject([
    { type: 'track_block.ended', params: { trackId, restorable: 1 }, href: `/api/v1/${path}/restore` },
  ]);
  await restore();
  expect(await rollbacks()).toMatchObject([{ startedBy: 'expiry', counts: { pending: 1 } }]);
  await sql(`delete from connection_locks where connection_id = ?`, [connectionId]);
  await person.send('PUT', path, {});
  const answer = await person.send('POST', `${path}/restore`, { unblock: true });
  expect(answer).toMatchObject({ status: 202, body: { unblocked: true, runs: [{ actions: 1 }] } });
  expect(outcome(await (await harness.person()).send('POST', `${path}/restore`, {}))).toEqual([409, 'nothing_to_undo']);
  expect(outcome(await person.send('POST', `track-blocks/${unknownId}/restore`, {}))).toEqual([404, 'not_found']);
});

it('passes by people whose account is being erased', async () => {
  await blockUntilNow();
  await harness.rows.job(person.id, { type: 'erase_account', subjectType: 'user', subjectId: person.id });
  expect(await end()).toMatchObject({ ended: 0 });
});
