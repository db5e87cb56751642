import fc from 'fast-check';
import { settleMerges } from '../../../adapters/postgres/account-merge-end';
import { movedTables } from '../../../adapters/postgres/account-merge-moves';
import { blockedAmong } from '../../../adapters/postgres/effective-blocks';
import { newId } from '../../../adapters/postgres/ids';
import { openOrm } from '../../../adapters/postgres/orm';
import { personByEmail } from '../../../adapters/postgres/people';
import { createTestDatabase, type TestDatabase } from '../../support/engines';
import { FollowedRows } from '../api-enforcement/followed-rows';
import { MergeStage } from '../api-enforcement/merge-stage';
import { Rows } from '../api-enforcement/rows';
import { endedTables, TwoPeople, type Belongings } from './two-people';

let database: TestDatabase;
let two: TwoPeople;
beforeAll(async () => {
  database = await createTestDatabase();
  const orm = await openOrm(database.url, { max: 4 });
  const rows = new Rows(orm);
  const artists: string[] = [];
  for (let n = 0; n < 5; n += 1) artists.push(await rows.artist(`Nobody ${n}`));
  two = new TwoPeople(orm, artists);
});
afterAll(async () => {
  await two.orm.close(true);
});

const blockedBy = async (userId: string) =>
  (
    await two.query<{ artist_id: string }>(
      `select artist_id from blocks where user_id = ? and (expires_at is null or expires_at > now())`,
      [userId],
    )
  )
    .map(({ artist_id: id }) => two.artists.indexOf(id))
    .sort();
const ownerOf = async (table: string, id: string) =>
  (await two.query<{ user_id: string }>(`select user_id from ${table} where id = ?`, [id]))[0]?.user_id;
const daysLater = (mergeId: string) =>
  two.query(`update account_merges set undo_until = now() - interval '1 second' where id = ?`, [mergeId]);

test('every table that says whose its rows are is moved, ended or left on purpose', async () => {
  // Figures go with what they count.
  const left = ['user_roles', 'provider_apps', 'person_events', 'emails', 'person_figures', 'figure_turns'];
  const known = [...movedTables, 'blocks', ...endedTables, ...left];
  expect((await two.tablesOfPeople()).map(({ table }) => table).sort()).toEqual([...known].sort());
});

const belongings: fc.Arbitrary<Belongings> = fc.record({
  identities: fc.integer({ min: 1, max: 2 }),
  connections: fc.array(
    fc.record({
      plans: fc.array(fc.constantFrom('ready', 'stale', 'failed', 'executed', 'expired'), { maxLength: 3 }),
      runs: fc.integer({ min: 0, max: 2 }),
    }),
    { maxLength: 2 },
  ),
  blocks: fc.uniqueArray(
    fc.record({
      artist: fc.integer({ min: 0, max: 4 }),
      ends: fc.constantFrom('never' as const, 'past' as const, 'future' as const),
    }),
    { selector: ({ artist }) => artist, maxLength: 5 },
  ),
  roles: fc.subarray(['moderator', 'reviewer', 'admin']),
  exports: fc.integer({ min: 0, max: 1 }),
});

test('whatever two people have: merged and undone, every row is as it was', async () => {
  await fc.assert(
    fc.asyncProperty(belongings, belongings, async (mine, theirs) => {
      const [survivor, absorbed] = [await two.person(mine), await two.person(theirs)];
      const before = [await two.everythingOf(survivor), await two.everythingOf(absorbed)];
      const wanted = new Set([...(await blockedBy(survivor)), ...(await blockedBy(absorbed))]);

      const id = await two.merge(survivor, absorbed);
      expect(await blockedBy(survivor)).toEqual([...wanted].sort());
      const roles = await two.query<{ role: string }>(`select role from user_roles where user_id = ? order by role`, [
        survivor,
      ]);
      expect(roles.map(({ role }) => role)).toEqual([...mine.roles].sort());
      for (const table of movedTables)
        expect(await two.query(`select id from ${table} where user_id = ?`, [absorbed])).toEqual([]);

      await two.undo(id, survivor);
      expect([await two.everythingOf(survivor), await two.everythingOf(absorbed)]).toEqual(before);
    }),
    { numRuns: process.env.LONG ? 200 : 12 },
  );
}, 600_000);

test('merging or undoing twice changes nothing more', async () => {
  const survivor = await two.person({ blocks: [{ artist: 0, ends: 'never' }] });
  const absorbed = await two.person({ blocks: [{ artist: 1, ends: 'never' }] });
  const id = await two.merge(survivor, absorbed);
  const merged = await two.everythingOf(survivor);
  expect(await two.carryOut(id)).toBe('nothing_to_do');
  expect(await two.everythingOf(survivor)).toEqual(merged);
  await two.undo(id, survivor);
  const parted = await two.everythingOf(absorbed);
  expect(await two.part(id)).toBe('nothing_to_do');
  expect(await two.everythingOf(absorbed)).toEqual(parted);
});

describe('artists who are merged, too', () => {
  const holdings = { blocks: [0, 1].map((artist) => ({ artist, ends: 'never' as const })) };
  let survivor: string;
  let absorbed: string;
  let before: unknown[];
  let artists: MergeStage;
  const everything = async () => [await two.everythingOf(survivor), await two.everythingOf(absorbed)];
  const mergeArtists = () => artists.merge(two.artists[0]!, two.artists[1]!);
  beforeEach(async () => {
    [survivor, absorbed] = [await two.person(), await two.person(holdings)];
    for (const artist of two.artists.slice(0, 2))
      await two.query(
        `insert into exceptions (id, user_id, subject_type, subject_id) values (gen_random_uuid(), ?, 'artist', ?)`,
        [absorbed, artist],
      );
    before = await everything();
    artists = new MergeStage(two.orm, []);
    await two.query(`delete from artist_merges`);
  });

  test('while the accounts are one: everything goes back to whose it was', async () => {
    const id = await two.merge(survivor, absorbed);
    const artistMerge = await mergeArtists();
    await two.undo(id, survivor);
    await artists.undo(artistMerge);
    expect(await everything()).toEqual(before);
  });

  test('before the accounts are, and parted before they are parted', async () => {
    const artistMerge = await mergeArtists();
    const id = await two.merge(survivor, absorbed);
    await artists.undo(artistMerge);
    expect(await blockedBy(survivor)).toEqual([0, 1]);
    await two.undo(id, survivor);
    expect(await everything()).toEqual(before);
  });
});

describe('what was done while two accounts were one', () => {
  let survivor: string;
  let absorbed: string;
  let connection: string;
  let mergeId: string;
  beforeEach(async () => {
    survivor = await two.person({ blocks: [{ artist: 0, ends: 'never' }] });
    absorbed = await two.person({ blocks: [0, 1, 2].map((artist) => ({ artist, ends: 'never' as const })) });
    connection = await two.rows.connection(absorbed);
    mergeId = await two.merge(survivor, absorbed);
  });

  test('new things stay with the survivor', async () => {
    await two.block(survivor, 3);
    const added = await two.identity(survivor, 'github');
    const own = await two.rows.connection(survivor);
    await two.undo(mergeId, survivor);
    expect(await blockedBy(survivor)).toEqual([0, 3]);
    expect(await blockedBy(absorbed)).toEqual([0, 1, 2]);
    expect(await ownerOf('identities', added)).toBe(survivor);
    expect(await ownerOf('connections', own)).toBe(survivor);
  });

  test('a block taken back stays taken back, and one set anew is the survivor’s own', async () => {
    const forget = (artist: number) =>
      two.query(`delete from blocks where user_id = ? and artist_id = ?`, [survivor, two.artists[artist]]);
    await forget(1);
    await forget(2);
    await two.query(`insert into blocks (user_id, artist_id, created_at) values (?, ?, now() + interval '1 second')`, [
      survivor,
      two.artists[2],
    ]);
    await two.undo(mergeId, survivor);
    expect(await blockedBy(survivor)).toEqual([0, 2]);
    expect(await blockedBy(absorbed)).toEqual([0]);
  });

  test('runs and plans at a connection go back with it, so that they can be undone by whoever has it', async () => {
    const plan = await two.rows.plan(survivor, connection);
    const run = await two.rows.run(survivor, connection);
    await two.query(`update plans set ready_at = now() + interval '1 second' where id = ?`, [plan]);
    await two.undo(mergeId, survivor);
    expect(await ownerOf('plans', plan)).toBe(absorbed);
    expect(await ownerOf('runs', run.id)).toBe(absorbed);
    expect(await ownerOf('jobs', run.jobId)).toBe(absorbed);
    const [state] = await two.query(`select status, stale_reasons from plans where id = ?`, [plan]);
    expect(state).toEqual({ status: 'stale', stale_reasons: ['accounts_parted'] });
  });
});

test('plans that were ready are stale after a merge, with the reason', async () => {
  const [survivor, absorbed] = [await two.person(), await two.person()];
  const ids = [];
  for (const person of [survivor, absorbed])
    ids.push(await two.rows.plan(person, await two.rows.connection(person), { status: 'ready' }));
  await two.merge(survivor, absorbed);
  for (const id of ids) {
    const [plan] = await two.query(`select status, stale_reasons, version from plans where id = ?`, [id]);
    expect(plan).toEqual({ status: 'stale', stale_reasons: ['accounts_merged'], version: 2 });
  }
});

test('a plan whose block was withdrawn meanwhile stays stale when the accounts are parted', async () => {
  const [survivor, absorbed] = [await two.person(), await two.person()];
  const plan = await two.rows.plan(survivor, await two.rows.connection(survivor), { status: 'ready' });
  const id = await two.merge(survivor, absorbed);
  await two.query(
    `insert into audit_entries (id, actor_id, event, outcome, created_at) values (gen_random_uuid(), ?, 'block.withdrawn', 'done', now() + interval '1 second')`,
    [survivor],
  );
  await two.undo(id, survivor);
  expect(await two.query(`select status from plans where id = ?`, [plan])).toEqual([{ status: 'stale' }]);
});

test('a plan that rests on a list stays stale when the accounts are parted, since the list may have changed', async () => {
  const [survivor, absorbed] = [await two.person(), await two.person()];
  const plan = await two.rows.plan(survivor, await two.rows.connection(survivor), { status: 'ready' });
  const [item] = await two.rows.items(plan, [{ uri: 'spotify:track:1', artistId: two.artists[0]! }]);
  const matches = [{ artistId: two.artists[0], sources: [{ kind: 'list', listId: newId(), version: 1 }] }];
  await two.query(`update plan_items set matches = ?::jsonb where id = ?`, [JSON.stringify(matches), item]);
  await two.undo(await two.merge(survivor, absorbed), survivor);
  expect(await two.query(`select status, stale_reasons from plans where id = ?`, [plan])).toEqual([
    { status: 'stale', stale_reasons: ['accounts_merged'] },
  ]);
});

test('what both follow goes on as the survivor follows it, and each has their own again when they are parted', async () => {
  const [survivor, absorbed] = [await two.person(), await two.person()];
  const rows = new FollowedRows(two.rows.em);
  const listOf = (...artists: number[]) =>
    rows.list({ versions: [{ artistIds: [] }, { artistIds: artists.map((n) => two.artists[n]!) }] });
  const [both, theirs] = [await listOf(0, 1), await listOf(2)];
  await rows.offense(two.artists[3]!, 'fraud');
  await rows.offense(two.artists[4]!, 'hate_speech');
  await rows.follow(survivor, both, { version: 1 });
  for (const list of [both, theirs]) await rows.follow(absorbed, list);
  await rows.followCategory(survivor, 'fraud');
  for (const category of ['fraud', 'hate_speech'] as const) await rows.followCategory(absorbed, category);
  const outFor = async (userId: string) =>
    [...(await blockedAmong(two.rows.em, userId, two.artists))].map((id) => two.artists.indexOf(id)).sort();
  expect([await outFor(survivor), await outFor(absorbed)]).toEqual([[3], [0, 1, 2, 3, 4]]);
  const growth = () => two.query(`select list_id, gained, lost from list_subscriber_days order by list_id`);
  const before = [await two.everythingOf(survivor), await two.everythingOf(absorbed)];
  const id = await two.merge(survivor, absorbed);
  expect(await outFor(survivor)).toEqual([2, 3, 4]);
  expect(await growth()).toEqual([{ list_id: both, gained: 0, lost: 1 }]);
  await two.undo(id, survivor);
  expect(await growth()).toEqual([{ list_id: both, gained: 1, lost: 1 }]);
  expect([await two.everythingOf(survivor), await two.everythingOf(absorbed)]).toEqual(before);
  const again = await two.merge(survivor, absorbed);
  await daysLater(again);
  await settleMerges(two.orm.em.fork());
  expect(await outFor(survivor)).toEqual([2, 3, 4]);
});

test('whoever comes with the absorbed person’s address, or was about to get a session, is the survivor', async () => {
  const [survivor, absorbed] = [await two.person(), await two.person()];
  const flow = newId();
  await two.query(
    `insert into oauth_transactions (id, provider, purpose, state_hash, cookie_hash, return_to, redirect_uri, flow_secrets, status, result_user_id, expires_at)
     values (?, 'google', 'sign_in', ?, '', '/', '', '', 'succeeded', ?, now() + interval '10 minutes')`,
    [flow, flow, absorbed],
  );
  await two.merge(survivor, absorbed);
  const found = await personByEmail(two.orm.em.fork(), `${absorbed}@example.test`);
  expect(found).toMatchObject({ id: survivor, hasIdentity: true });
  const [row] = await two.query(`select result_user_id as id from oauth_transactions where id = ?`, [flow]);
  expect(row).toEqual({ id: survivor });
});

describe('when the day is over', () => {
  test('the emptied person goes, with roles and set-aside blocks, and what they had stays with the survivor', async () => {
    const survivor = await two.person({ blocks: [{ artist: 0, ends: 'never' }] });
    const absorbed = await two.person({
      blocks: [0, 1].map((artist) => ({ artist, ends: 'never' as const })),
      connections: [{ plans: ['ready'], runs: 1 }],
      roles: ['admin'],
    });
    const id = await two.merge(survivor, absorbed);
    // A request of the absorbed person's that was under way while the accounts were merged.
    const late = await two.rows.connection(absorbed);
    await settleMerges(two.orm.em.fork());
    expect(await two.query(`select id from users where id = ?`, [absorbed])).toHaveLength(1);
    await daysLater(id);
    await settleMerges(two.orm.em.fork());
    expect(await two.query(`select id from users where id = ?`, [absorbed])).toEqual([]);
    expect(await two.query(`select status from account_merges where id = ?`, [id])).toEqual([{ status: 'final' }]);
    expect(await two.query(`select table_name from account_merge_moves where merge_id = ?`, [id])).toEqual([]);
    expect(await blockedBy(survivor)).toEqual([0, 1]);
    expect(await ownerOf('connections', late)).toBe(survivor);
    expect(await two.query(`select id from connections where user_id = ?`, [survivor])).toHaveLength(2);
    expect(await two.query(`select role from user_roles where user_id = ?`, [survivor])).toEqual([]);
    expect(await two.askUndo(id, survivor)).toEqual({ denied: 'merge_expired' });
  });

  test('an undo that was asked for in time is not overtaken', async () => {
    const [survivor, absorbed] = [await two.person(), await two.person()];
    const id = await two.merge(survivor, absorbed);
    await two.askUndo(id, survivor);
    await daysLater(id);
    await settleMerges(two.orm.em.fork());
    await two.part(id);
    expect(await two.query(`select merged_into from users where id = ?`, [absorbed])).toEqual([{ merged_into: null }]);
  });

  test('a survivor who leaves within the day takes the absorbed person along', async () => {
    const [survivor, absorbed] = [await two.person(), await two.person()];
    await two.merge(survivor, absorbed);
    await two.query(`delete from users where id = ?`, [survivor]);
    await settleMerges(two.orm.em.fork());
    expect(await two.query(`select id from users where id = ?`, [absorbed])).toEqual([]);
  });
});

test('a merge whose workflow was ended from outside is closed, and does not stand in the way of the next', async () => {
  const [survivor, absorbed] = [await two.person(), await two.person()];
  const id = await two.offer(survivor, absorbed);
  await two.confirm(id, survivor);
  await two.query(`update jobs set status = 'failed', finished_at = now() where subject_id = ?`, [id]);
  await settleMerges(two.orm.em.fork());
  expect(await two.query(`select status, failure_code from account_merges where id = ?`, [id])).toEqual([
    { status: 'failed', failure_code: 'terminated' },
  ]);
  await two.merge(survivor, absorbed);
  expect(await two.query(`select merged_into from users where id = ?`, [absorbed])).toEqual([
    { merged_into: survivor },
  ]);
});
