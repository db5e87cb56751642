import { EntityManager as SqlEntityManager } from '@mikro-orm/postgresql';
import { allPages, itemsOf, outcome, startHarness, unknownId, type Caller, type Harness } from './harness';

let harness: Harness;
let person: Caller;
beforeAll(async () => {
  harness = await startHarness();
});
beforeEach(async () => {
  person = await harness.person();
});
afterAll(() => harness.api.close());

const soon = () => new Date(Date.now() + 3_600_000).toISOString();

describe('blocking an artist', () => {
  it('is a 201 at first and a 200 after that, and shows the artist as blocked', async () => {
    const artistId = await harness.rows.artist('The Unwanted', `sp${person.id}`);
    const expiresAt = soon();
    const made = await person.send('PUT', `blocks/${artistId}`, { note: 'enough', tags: ['a', 'b', 'a'], expiresAt });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      artistId,
      note: 'enough',
      tags: ['a', 'b'],
      expiresAt,
      expired: false,
      version: 1,
      artist: { id: artistId, name: 'The Unwanted', blocked: true, providerIds: { spotify: [`sp${person.id}`] } },
    });
    const changed = await person.send('PUT', `blocks/${artistId}`, { tags: [], version: 1 });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({ note: 'enough', tags: [], expiresAt, version: 2 });
    expect((await person.send('PUT', `blocks/${artistId}`)).body).toMatchObject({ note: 'enough', version: 3 });
    expect((await person.send('PUT', `blocks/${artistId}`, { note: null, expiresAt: null })).body).toMatchObject({
      note: null,
      expiresAt: null,
    });
    expect((await person.get(`artists/${artistId}`)).body.blocked).toBe(true);
    expect((await (await harness.person()).get(`artists/${artistId}`)).body.blocked).toBe(false);
  });

  it('in a version that is gone is a 409 that names the present one', async () => {
    const artistId = await harness.rows.artist('Twice Edited');
    expect(outcome(await person.send('PUT', `blocks/${artistId}`, { version: 1 }))).toEqual([409, 'version_conflict']);
    await person.send('PUT', `blocks/${artistId}`, {});
    await person.send('PUT', `blocks/${artistId}`, { version: 1, note: 'first' });
    const late = await person.send('PUT', `blocks/${artistId}`, { version: 1, note: 'second' });
    expect(outcome(late)).toEqual([409, 'version_conflict']);
    expect(late.body.params).toEqual({ version: 2 });
  });

  it('many times at once makes one block', async () => {
    const artistId = await harness.rows.artist('Clicked Often');
    const answers = await Promise.all(Array.from({ length: 5 }, () => person.send('PUT', `blocks/${artistId}`, {})));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201]);
    expect(itemsOf(await person.get('blocks'))).toHaveLength(1);
  });

  it.each([
    { expiresAt: '2001-01-01T00:00:00Z' },
    { expiresAt: 'soon' },
    { note: 'x'.repeat(2_001) },
    { tags: [''] },
    { tags: Array.from({ length: 21 }, (_, n) => `t${n}`) },
    { reason: 'x' },
  ])('with %j is a 400', async (body) => {
    const artistId = await harness.rows.artist('Never Blocked');
    expect(outcome(await person.send('PUT', `blocks/${artistId}`, body))).toEqual([400, 'invalid_request']);
  });

  it('once its time is over it no longer counts, and blocking again begins anew', async () => {
    const artistId = await harness.rows.artist('For A While');
    await person.send('PUT', `blocks/${artistId}`, { expiresAt: soon() });
    await harness.rows.em.execute(`update blocks set expires_at = now() - interval '1 minute' where user_id = ?`, [
      person.id,
    ]);
    expect(itemsOf(await person.get('blocks'))).toMatchObject([{ expired: true, artist: { blocked: false } }]);
    expect(itemsOf(await person.get('blocks/effective'))).toEqual([]);
    const again = await person.send('PUT', `blocks/${artistId}`, {});
    expect(again.body).toMatchObject({ expired: false, expiresAt: null });
  });

  it('and taking the block back leave one audit row each', async () => {
    const artistId = await harness.rows.artist('On Record');
    await person.send('PUT', `blocks/${artistId}`, { note: 'secret thoughts' });
    await person.send('PUT', `blocks/${artistId}`, {});
    await person.send('DELETE', `blocks/${artistId}`);
    expect(outcome(await person.send('DELETE', `blocks/${artistId}`))).toEqual([404, 'not_found']);
    const rows = await harness.rows.em.execute<{ event: string; details: unknown }[]>(
      `select event, details from audit_entries where actor_id = ? and subject_id = ? order by id`,
      [person.id, artistId],
    );
    expect(rows.map(({ event }) => event)).toEqual(['block.created', 'block.changed', 'block.withdrawn']);
    expect(JSON.stringify(rows)).not.toContain('secret');
  });
});

describe('the list of blocks', () => {
  it('is newest first, page by page, also where many were made in one moment', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 7; n += 1) {
      const id = await harness.rows.artist(`Many ${n}`);
      ids.push(id);
      await person.send('PUT', `blocks/${id}`, {});
    }
    await harness.rows.em.execute(`update blocks set created_at = '2024-01-01T00:00:00.123Z' where user_id = ?`, [
      person.id,
    ]);
    const all = await allPages(person, 'blocks', 3);
    expect(all.map(({ artistId }) => artistId)).toEqual(ids.sort().reverse());
  });

  it('is searched by name, note and tag; wildcards are letters', async () => {
    const [beyond, kraft] = [await harness.rows.artist('Béyond 100%'), await harness.rows.artist('Kraft')];
    await person.send('PUT', `blocks/${beyond}`, { tags: ['loud', 'old'] });
    await person.send('PUT', `blocks/${kraft}`, { note: 'Too Loud for me', tags: ['old'] });
    const found = async (query: string) => itemsOf(await person.get(`blocks?${query}`)).map(({ artistId }) => artistId);
    expect(await found('query=BEYO')).toEqual([beyond]);
    expect(await found('query=too%20loud')).toEqual([kraft]);
    expect(await found('query=100%25')).toEqual([beyond]);
    expect(await found('query=_')).toEqual([]);
    expect(await found('tag=old')).toEqual([kraft, beyond]);
    expect(await found('tag=loud')).toEqual([beyond]);
    expect((await person.get('blocks?tag=none')).body.emptyReason).toBe('nothing_matches');
    expect(itemsOf(await person.get('blocks/tags'))).toEqual([
      { tag: 'old', count: 2 },
      { tag: 'loud', count: 1 },
    ]);
  });

  it.each(['blocks', 'blocks/effective'])(
    'takes from the database what a page of %s shows, of however many',
    async (path) => {
      const { em } = harness.rows;
      const name = `Of Many ${path}`;
      await em.execute(
        `insert into artists (id, name, folded_name, name_key) select gen_random_uuid(), ?, 'of many', ? from generate_series(1, 400)`,
        [name, name],
      );
      await em.execute(
        `insert into blocks (user_id, artist_id, created_at) select ?, id, now() - make_interval(mins => (row_number() over ())::int) from artists where name = ?`,
        [person.id, name],
      );
      const [kept] = await em.execute<{ artist_id: string }[]>(
        `select artist_id from blocks where user_id = ? order by created_at limit 1`,
        [person.id],
      );
      await person.send('PUT', `exceptions/artists/${kept?.artist_id}`);
      const execute = jest.spyOn(SqlEntityManager.prototype, 'execute');
      const first = await person.get(`${path}?limit=3`);
      const second = await person.get(`${path}?limit=3&cursor=${String(first.body.nextCursor)}`);
      const answers = (await Promise.all(execute.mock.results.map(({ value }) => value as Promise<unknown>))).flat();
      execute.mockRestore();
      expect(new Set([...itemsOf(first), ...itemsOf(second)].map(({ artistId }) => artistId)).size).toBe(6);
      expect(answers.length).toBeGreaterThan(6);
      expect(answers.length).toBeLessThan(60);
    },
  );

  it('of what is in effect says why', async () => {
    const ids = [];
    for (const name of ['E1', 'E2', 'E3']) {
      const id = await harness.rows.artist(name, `id-of-${name}`);
      ids.push(id);
      await person.send('PUT', `blocks/${id}`, {});
    }
    const effective = await allPages(person, 'blocks/effective', 2);
    expect(effective.map(({ artistId }) => artistId).sort()).toEqual(ids.sort());
    expect(effective[0]).toMatchObject({ providerIds: ['id-of-E1'], sources: [{ kind: 'own' }], contested: false });
  });
});

describe('many blocks at once', () => {
  const outcomes = (answer: { body: Record<string, unknown> }) =>
    (answer.body.items as { outcome: string }[]).map((item) => item.outcome);
  const artists = async (...names: string[]) => Promise.all(names.map((name) => harness.rows.artist(name)));

  it('are made, tagged and withdrawn, each with its outcome, and the same twice changes nothing', async () => {
    const [one, two, three] = await artists('Bulk One', 'Bulk Two', 'Bulk Three');
    await person.send('PUT', `blocks/${two}`, { note: 'since long', tags: ['old'] });
    const block = { action: 'block', artistIds: [one, two, unknownId, one], tags: ['noise'] };
    const made = await person.send('POST', 'blocks/bulk', block);
    expect(outcomes(made)).toEqual(['created', 'changed', 'unknown_artist']);
    expect(made.body.counts).toEqual({ created: 1, changed: 1, unknown_artist: 1 });
    expect(outcomes(await person.send('POST', 'blocks/bulk', block))).toEqual([
      'unchanged',
      'unchanged',
      'unknown_artist',
    ]);
    expect(itemsOf(await person.get('blocks?query=bulk%20two'))).toMatchObject([
      { note: 'since long', tags: ['noise'], version: 2 },
    ]);
    const tag = { action: 'tag', artistIds: [one, three], add: ['loud', 'new'], remove: ['noise'] };
    expect(outcomes(await person.send('POST', 'blocks/bulk', tag))).toEqual(['changed', 'not_blocked']);
    expect(itemsOf(await person.get('blocks?tag=loud'))).toMatchObject([{ artistId: one, tags: ['loud', 'new'] }]);
    const unblock = { action: 'unblock', artistIds: [one, three] };
    expect(outcomes(await person.send('POST', 'blocks/bulk', unblock))).toEqual(['withdrawn', 'not_blocked']);
    expect(outcomes(await person.send('POST', 'blocks/bulk', unblock))).toEqual(['not_blocked', 'not_blocked']);
    expect(itemsOf(await person.get('blocks')).map(({ artistId }) => artistId)).toEqual([two]);
    const rows = await harness.rows.em.execute<{ event: string }[]>(
      `select event from audit_entries where actor_id = ? order by id`,
      [person.id],
    );
    expect(rows.map(({ event }) => event)).toEqual([
      'block.created',
      'block.created',
      'block.changed',
      'block.changed',
      'block.withdrawn',
    ]);
  });

  it('withdrawn turn plans stale that would act on them, once, and no other', async () => {
    const [one, two, other] = await artists('Bulk Four', 'Bulk Five', 'Bulk Six');
    await person.send('POST', 'blocks/bulk', { action: 'block', artistIds: [one, two, other] });
    const connection = await harness.rows.connection(person.id);
    const stale = await harness.rows.plan(person.id, connection);
    const fresh = await harness.rows.plan(person.id, connection);
    await harness.rows.items(stale, [
      { uri: 'spotify:track:1', artistId: one! },
      { uri: 'spotify:track:2', artistId: two! },
    ]);
    await harness.rows.items(fresh, [
      { uri: 'spotify:track:1', artistId: one!, included: false },
      { uri: 'spotify:track:3', artistId: other! },
    ]);
    await person.send('POST', 'blocks/bulk', { action: 'unblock', artistIds: [one, two] });
    expect((await person.get(`enforcement/plans/${stale}`)).body).toMatchObject({
      status: 'stale',
      staleReasons: ['block_withdrawn'],
    });
    expect((await person.get(`enforcement/plans/${fresh}`)).body).toMatchObject({ status: 'ready' });
  });

  it('asked for by two at once make one block each', async () => {
    const ids = await artists(...Array.from({ length: 20 }, (_, n) => `Both ${n}`));
    const answers = await Promise.all(
      [ids, [...ids].reverse()].map((artistIds) => person.send('POST', 'blocks/bulk', { action: 'block', artistIds })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await allPages(person, 'blocks', 10)).toHaveLength(20);
  });

  it.each<[string, unknown]>([
    ['nobody', { action: 'block', artistIds: [] }],
    ['501 artists', { action: 'block', artistIds: Array.from({ length: 501 }, () => unknownId) }],
    ['something that is no id', { action: 'block', artistIds: ['x'] }],
    ['a note where none belongs', { action: 'unblock', artistIds: [unknownId], note: 'x' }],
    ['an empty tag', { action: 'tag', artistIds: [unknownId], add: [''] }],
    ['something else to do', { action: 'forget', artistIds: [unknownId] }],
  ])('with %s is a 400', async (_name, body) => {
    expect(outcome(await person.send('POST', 'blocks/bulk', body))).toEqual([400, 'invalid_request']);
  });
});
