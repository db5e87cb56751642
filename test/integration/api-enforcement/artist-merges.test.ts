import fc from 'fast-check';
import { followingTables, referencesLeft } from '../../../adapters/postgres/artist-references';
import { rememberArtists, rememberTracks } from '../../../adapters/postgres/catalog';
import { currentArtistIds } from '../../../adapters/postgres/current-artists';
import { newId } from '../../../adapters/postgres/ids';
import { allPages, type Caller, itemsOf, outcome, startHarness, type Harness, unknownId } from './harness';
import { type Holding, MergeStage, nobody, type SmallCatalog } from './merge-stage';

let harness: Harness;
let stage: MergeStage;
beforeAll(async () => {
  harness = await startHarness();
  const people = [];
  for (let n = 0; n < 3; n += 1) people.push((await harness.person()).id);
  stage = new MergeStage(harness.api.deps.orm, people);
});
afterAll(() => harness.api.close());

const size = 4;
const artist = fc.nat({ max: size - 1 });
const word = fc.constantFrom('Nobody', 'No Body', 'Keiner');
const credits = fc.array(fc.uniqueArray(artist, { minLength: 1, maxLength: size }), { maxLength: 4 });
const catalog: fc.Arbitrary<SmallCatalog> = fc.record({
  artists: fc.array(
    fc.record({
      name: word,
      image: fc.boolean(),
      disambiguation: fc.boolean(),
      ids: fc.nat({ max: 2 }),
      aliases: fc.subarray(['Nobody', 'No Body', 'Nemo']),
      genres: fc.subarray(['noise', 'silence']),
    }),
    { minLength: size, maxLength: size },
  ),
  tracks: credits,
  albums: credits,
  holdings: fc.uniqueArray(
    fc.record<Holding>({
      person: fc.nat({ max: 2 }),
      artist,
      kind: fc.constantFrom('block', 'exception'),
      ends: fc.constantFrom('never', 'past', 'future'),
    }),
    { selector: ({ person, artist: whom, kind }) => `${person} ${whom} ${kind}`, maxLength: 12 },
  ),
});

/** Whom each person keeps out, by whom these are now. */
async function blockedNow(ids: readonly string[]): Promise<string[]> {
  const current = await currentArtistIds(stage.em, ids);
  const rows = await stage.query<{ user_id: string; artist_id: string }>(
    `select user_id, artist_id from blocks where expires_at is null or expires_at > now()`,
  );
  const mine = new Set(ids.map(current));
  return rows.filter((row) => mine.has(row.artist_id)).map((row) => `${row.user_id} ${row.artist_id}`);
}

test('whatever there is and however they were merged: undone in any order, every row is as it was', async () => {
  const steps = fc.array(fc.tuple(artist, artist), { minLength: 1, maxLength: 4 });
  const order = fc.array(fc.nat(), { minLength: 4, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(catalog, steps, order, async (given, pairs, seeds) => {
      const ids = await stage.fill(given);
      const before = await stage.everything(ids);
      const wanted = (await blockedNow(ids)).map((row) => row.split(' '));
      const merges: string[] = [];
      for (const [one, other] of pairs) {
        const made = await stage.propose(ids[one]!, ids[other]!);
        if (made.outcome === 'applied') merges.push(made.mergeId);
        const current = await currentArtistIds(stage.em, ids);
        const kept = new Set(wanted.map(([who, whom]) => `${who} ${current(whom!)}`));
        expect((await blockedNow(ids)).sort()).toEqual([...kept].sort());
        expect(await stage.dangling()).toEqual([]);
      }
      while (merges.length > 0) {
        const [next] = merges.splice((seeds[merges.length - 1] ?? 0) % merges.length, 1);
        await stage.undo(next!);
        expect(await stage.dangling()).toEqual([]);
      }
      expect(await stage.everything(ids)).toEqual(before);
    }),
    { numRuns: process.env.LONG ? 100 : 5 },
  );
}, 600_000);

test('every column that names an artist is moved, or left with a reason', async () => {
  const named = await stage.query<{ name: string }>(
    `select c.conrelid::regclass || '.' || a.attname as name from pg_constraint c
       join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any(c.conkey)
     where c.contype = 'f' and c.confrelid = 'artists'::regclass
     union select table_name || '.' || column_name from information_schema.columns
     where table_schema = current_schema() and (column_name ~ '(^|_)artist_ids?$' or column_name in ('subject_id', 'candidates', 'kept_id', 'merged_id', 'other_id', 'given_id'))`,
  );
  const moved = Object.entries(followingTables).flatMap(([table, { column }]) => [
    `${table}.${column}`,
    `${table}.given_artist_id`,
  ]);
  // Subjects that are no artists.
  const others = [
    'jobs.subject_id',
    'recording_matches.other_id',
    'moderation_cases.subject_id',
    'decisions.subject_id',
  ];
  const known = new Set([...moved, ...Object.keys(referencesLeft), ...others]);
  expect(named.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
  const there = new Set(named.map(({ name }) => name));
  expect([...moved, ...Object.keys(referencesLeft)].filter((name) => !there.has(name))).toEqual([]);
});

/** The kept one has the more ids. */
async function pair(): Promise<{ kept: string; old: string }> {
  const [kept, old] = await stage.fill({
    artists: [
      { ...nobody, name: 'Nobody', ids: 2 },
      { ...nobody, name: 'No Body', ids: 1, image: true, aliases: ['Nobody'] },
    ],
    tracks: [],
    albums: [],
    holdings: [],
  });
  return { kept: kept!, old: old! };
}

describe('an artist who was merged', () => {
  let kept: string;
  let old: string;
  let mergeId: string;
  let person: Caller;
  beforeEach(async () => {
    ({ kept, old } = await pair());
    person = await harness.person();
    mergeId = await stage.merge(old, kept);
  });
  const blockOf = async (artistId: string) =>
    (
      await stage.query<{ note: string | null }>(`select note from blocks where user_id = ? and artist_id = ?`, [
        person.id,
        artistId,
      ])
    )[0];

  test('answers under the old id as whom it became', async () => {
    const { body } = await person.get(`artists/${old}`);
    expect(body).toMatchObject({ id: kept, name: 'Nobody', aliases: ['No Body'] });
    expect(body.imageUrl).toMatch(/^https:/);
    const both = await person.get(`graph/paths?from=${old}&to=${kept}`);
    expect(outcome(both)).toEqual([400, 'invalid_request']);
  });

  test('is blocked, tagged, excepted and let in again under either id', async () => {
    expect(outcome(await person.send('PUT', `blocks/${old}`, { note: 'loud' }))).toEqual([201, undefined]);
    expect(await blockOf(kept)).toEqual({ note: 'loud' });
    expect((await person.send('PUT', `blocks/${kept}`, { note: 'too loud' })).status).toBe(200);
    const tagged = await person.send('POST', 'blocks/bulk', {
      action: 'tag',
      artistIds: [old, kept],
      add: ['x'],
      remove: [],
    });
    expect(itemsOf(tagged)).toEqual([
      { artistId: old, outcome: 'changed' },
      { artistId: kept, outcome: 'changed' },
    ]);
    expect(itemsOf(await person.get('blocks'))).toMatchObject([{ artistId: kept, note: 'too loud', tags: ['x'] }]);
    expect((await person.send('POST', `blocks/${old}/restore-preview`, {})).status).toBe(200);
    expect((await person.send('DELETE', `blocks/${old}`)).status).toBe(204);
    expect(await blockOf(kept)).toBeUndefined();
    expect((await person.send('PUT', `exceptions/artists/${old}`)).status).toBe(204);
    expect(itemsOf(await person.get('exceptions'))).toMatchObject([{ subjectId: kept, name: 'Nobody' }]);
    expect((await person.send('DELETE', `exceptions/artists/${kept}`)).status).toBe(204);
  });

  test('gets back, when the two are parted, what was said of it meanwhile', async () => {
    await person.send('PUT', `blocks/${old}`, { note: 'loud' });
    await person.send('PUT', `blocks/${kept}`, { note: 'too loud' });
    const [theirs] = await stage.query<{ provider_id: string }>(
      `select provider_id from artist_provider_ids where given_artist_id = ?`,
      [old],
    );
    const track = { uri: `spotify:track:late-${old}`, name: 'Late', durationMs: null, isrc: null, album: null };
    await rememberTracks(stage.em, 'spotify', [
      { ...track, artists: [{ providerId: theirs!.provider_id, name: 'No Body' }] },
    ]);
    const credited = () =>
      stage.query<{ artist_id: string }>(
        `select c.artist_id from track_artists c join tracks t on t.id = c.track_id where t.uri = ?`,
        [track.uri],
      );
    expect(await credited()).toEqual([{ artist_id: kept }]);
    await stage.undo(mergeId);
    expect(await credited()).toEqual([{ artist_id: old }]);
    expect([await blockOf(old), await blockOf(kept)]).toEqual([{ note: 'too loud' }, undefined]);
  });

  test('is not proposed again once the two are parted, nor are those whom they become', async () => {
    await stage.undo(mergeId);
    const { old: third } = await pair();
    await stage.merge(third, old);
    expect(await stage.propose(third, kept)).toEqual({ outcome: 'refused' });
    expect(await stage.decide(mergeId, 'approve')).toHaveProperty('merge.state', 'applied');
    expect(await stage.propose(third, kept)).toEqual({ outcome: 'already_one' });
  });

  test('makes plans of whoever decided about either stale, and is looked at by whoever follows the catalog', async () => {
    await stage.undo(mergeId);
    await person.send('PUT', `blocks/${kept}`, {});
    const connection = await harness.rows.connection(person.id);
    const [ready, making] = [
      await harness.rows.plan(person.id, connection),
      await harness.rows.plan(person.id, connection, { status: 'preparing' }),
    ];
    const other = await harness.person();
    const untouched = await harness.rows.plan(other.id, await harness.rows.connection(other.id));
    await stage.decide(mergeId, 'approve');
    const reasons = (id: string) =>
      stage.query(`select status, stale_reasons from plans where id = ?`, [id]).then(([row]) => row);
    expect(await reasons(ready)).toEqual({ status: 'stale', stale_reasons: ['artists_merged'] });
    expect(await reasons(making)).toEqual({ status: 'preparing', stale_reasons: ['artists_merged'] });
    expect(await reasons(untouched)).toEqual({ status: 'ready', stale_reasons: [] });
    const noted = await stage.query<{ subject_id: string }>(
      `select distinct subject_id from catalog_changes where kind = 'artist' and subject_id in (?, ?)`,
      [kept, old],
    );
    expect(noted.map(({ subject_id: id }) => id)).toContain(old);
  });
});

test('leaves plans alone where the other artist cannot be met', async () => {
  const em = harness.api.deps.orm.em.fork();
  const person = await harness.person();
  const here = await harness.rows.artist('Met Nowhere Else', newId());
  const there = (await rememberArtists(em, 'apple_music', [{ providerId: 'met', name: 'Met  nowhere else' }])).get(
    'met',
  )!;
  await person.send('PUT', `blocks/${here}`, {});
  const [spotify, apple] = [await harness.rows.connection(person.id), await harness.rows.connection(person.id)];
  await em.execute(`update connections set provider = 'apple_music' where id = ?`, [apple]);
  const plans = [await harness.rows.plan(person.id, spotify), await harness.rows.plan(person.id, apple)];
  await stage.merge(there, here);
  const rows = await stage.query<{ id: string; status: string }>(
    `select id, status from plans where id in (?, ?)`,
    plans,
  );
  expect(plans.map((id) => rows.find((row) => row.id === id)?.status)).toEqual(['ready', 'stale']);
});

describe('where a person blocked both', () => {
  let kept: string;
  let old: string;
  let person: Caller;
  let mergeId: string;
  beforeEach(async () => {
    ({ kept, old } = await pair());
    person = await harness.person();
    for (const id of [kept, old]) await person.send('PUT', `blocks/${id}`, { note: id });
    mergeId = await stage.merge(kept, old);
  });
  const notes = async () =>
    (await stage.query<{ note: string }>(`select note from blocks where user_id = ? order by note`, [person.id])).map(
      ({ note }) => note,
    );

  test('one block stands, and both come back', async () => {
    expect(await notes()).toHaveLength(1);
    await stage.undo(mergeId);
    expect(await notes()).toEqual([kept, old].sort());
  });

  test('unblocking lets both in for good', async () => {
    await person.send('DELETE', `blocks/${old}`);
    await stage.undo(mergeId);
    expect(await notes()).toEqual([]);
  });
});

describe('at the same moment', () => {
  test('two merges that share an artist are both done, one after the other', async () => {
    const [one, two] = [await pair(), await pair()];
    const before = await stage.everything([one.old, one.kept, two.old]);
    const merges = await Promise.all([stage.merge(one.old, one.kept), stage.merge(one.old, two.old)]);
    expect(await stage.dangling()).toEqual([]);
    const current = await currentArtistIds(stage.em, [one.old, one.kept, two.old]);
    expect(new Set([one.old, one.kept, two.old].map(current)).size).toBe(1);
    for (const id of merges) await stage.undo(id);
    expect(await stage.everything([one.old, one.kept, two.old])).toEqual(before);
  });

  test('a library that is being written down, and a block, go where the artist went', async () => {
    const { kept, old } = await pair();
    const person = await harness.person();
    const writing = stage.em;
    await writing.begin();
    const [id] = await stage.query<{ id: string }>(
      `insert into tracks (id, uri, name) values (gen_random_uuid(), ?, 'Early') returning id`,
      [`spotify:track:early-${old}`],
    );
    await writing.execute(`insert into track_artists (track_id, position, artist_id) values (?, 0, ?)`, [id!.id, old]);
    const merging = stage.merge(old, kept);
    const blocking = person.send('PUT', `blocks/${old}`, {});
    await writing.commit();
    await merging;
    expect((await blocking).status).toBe(201);
    expect(
      await stage.query(`select artist_id, given_artist_id from track_artists where track_id = ?`, [id!.id]),
    ).toEqual([{ artist_id: kept, given_artist_id: old }]);
    expect(await stage.dangling()).toEqual([]);
    expect(itemsOf(await person.get('blocks'))).toMatchObject([{ artistId: kept }]);
  });
});

describe('the queue', () => {
  let moderator: Caller;
  beforeAll(async () => {
    moderator = await harness.person({ roles: ['moderator'], scopes: ['read', 'write', 'moderate'] });
  });

  test('is read by moderators, reviewers and admins, and decided by moderators alone', async () => {
    const { kept, old } = await pair();
    const made = await stage.propose(kept, old, 'review');
    if (!('mergeId' in made)) throw new Error('not proposed');
    for (const role of ['reviewer', 'admin'] as const) {
      const reader = await harness.person({ roles: [role], scopes: ['read', 'write', 'moderate'] });
      expect((await reader.get('artist-merges')).status).toBe(200);
      expect(outcome(await reader.send('POST', `artist-merges/${made.mergeId}/approve`))).toEqual([
        403,
        'role_missing',
      ]);
    }
    const anyone = await harness.person();
    expect(outcome(await anyone.get('artist-merges'))).toEqual([403, 'role_missing']);
    expect(outcome(await moderator.send('POST', `artist-merges/${unknownId}/approve`))).toEqual([404, 'not_found']);
  });

  test('shows both sides with the evidence, and each decision once, and says what cannot be done', async () => {
    const { kept, old } = await pair();
    const made = await stage.propose(old, kept, 'review');
    if (!('mergeId' in made)) throw new Error('not proposed');
    expect(await stage.propose(kept, old, 'review')).toEqual(made);
    const path = `artist-merges/${made.mergeId}`;
    const pending = await allPages(moderator, 'artist-merges?state=pending', 1);
    expect(pending.find(({ id }) => id === made.mergeId)).toMatchObject({
      band: 'review',
      evidence: [{ subject: 'name', odds: 2.5 }],
      keptArtistId: kept,
      mergedArtistId: old,
    });
    expect(outcome(await moderator.send('POST', `${path}/undo`))).toEqual([409, 'artist_merge_not_possible']);
    for (let twice = 0; twice < 2; twice += 1)
      expect((await moderator.send('POST', `${path}/reject`)).body).toMatchObject({ state: 'rejected' });
    expect(await stage.propose(kept, old)).toEqual({ outcome: 'refused' });
    const approved = await moderator.send('POST', `${path}/approve`);
    expect(approved.body).toMatchObject({ state: 'applied' });
    expect(approved.body.artists).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: old, name: 'No Body', aliases: ['Nobody'], mergedInto: kept }),
        expect.objectContaining({ id: kept, name: 'Nobody', aliases: [], mergedInto: null }),
      ]),
    );
    expect(outcome(await moderator.send('POST', `${path}/reject`))).toEqual([409, 'artist_merge_not_possible']);
    expect((await moderator.send('POST', `${path}/undo`)).body).toMatchObject({ state: 'undone' });
    const trail = await stage.query<{ event: string; outcome: string; details: unknown }>(
      `select event, outcome, details from audit_entries where subject_id = ? order by id`,
      [made.mergeId],
    );
    expect(trail.map(({ event, outcome: how }) => `${event} ${how}`)).toEqual([
      'artist_merge.proposed done',
      'artist_merge.undo denied',
      'artist_merge.rejected done',
      'artist_merge.applied done',
      'artist_merge.reject denied',
      'artist_merge.undone done',
    ]);
    expect(JSON.stringify(trail)).not.toContain('Body');
  });
});
