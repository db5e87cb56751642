import { parseCsvRecords } from '../../../dev/sandbox/catalog/csv';
import { startHarness, type Caller, type Harness } from './harness';

let harness: Harness;
let person: Caller;
const ids: string[] = [];
const ended = '2020-01-01T00:00:00.000Z';
beforeAll(async () => {
  harness = await startHarness();
  person = await harness.person();
  ids.push(await harness.rows.artist('=cmd|"calc"', 'sp1'), await harness.rows.artist('Två; Systrar'));
  await person.send('PUT', `blocks/${ids[0]}`, {
    note: '-1 of "ten", really',
    tags: ['a;b', '@home'],
    onExpiry: 'restore',
  });
  await person.send('PUT', `blocks/${ids[1]}`, {});
  await harness.rows.em.execute(`update blocks set expires_at = ? where artist_id = ?`, [ended, ids[1]]);
  await (await harness.person()).send('PUT', `blocks/${ids[1]}`, { note: 'of somebody else' });
});
afterAll(() => harness.api.close());

it('the file in JSON has every block with names, ids, note, tags and end, newest first', async () => {
  const answer = await person.get('blocks/export');
  expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="do-not-play-blocks-[\d-]+\.json"$/);
  const createdAt = expect.stringMatching(/^20\d\d-/) as unknown;
  const none = { spotify: [], apple_music: [], musicbrainz: [] };
  expect(answer.body).toEqual({
    format: 'do-not-play/blocks',
    formatVersion: 1,
    exportedAt: createdAt,
    blocks: [
      {
        artistId: ids[1],
        name: 'Två; Systrar',
        providerIds: none,
        note: null,
        tags: [],
        expiresAt: ended,
        onExpiry: 'keep',
        createdAt,
      },
      {
        artistId: ids[0],
        name: '=cmd|"calc"',
        providerIds: { ...none, spotify: ['sp1'] },
        note: '-1 of "ten", really',
        tags: ['a;b', '@home'],
        expiresAt: null,
        onExpiry: 'restore',
        createdAt,
      },
    ],
  });
});

it('in CSV no cell is a formula', async () => {
  const answer = await person.get('blocks/export?format=csv');
  expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(parseCsvRecords(answer.text)).toMatchObject([
    { artist_id: ids[1], name: 'Två; Systrar', spotify: '', note: '', tags: '', expires_at: ended },
    {
      artist_id: ids[0],
      name: `'=cmd|"calc"`,
      spotify: 'sp1',
      note: `'-1 of "ten", really`,
      tags: 'a\\;b; @home',
      expires_at: '',
      on_expiry: 'restore',
    },
  ]);
});

it('of more blocks than are read at once misses none', async () => {
  const many = await harness.person();
  await harness.rows.em.execute(
    `with made as (insert into artists (id, name, folded_name) select gen_random_uuid(), 'No ' || n, 'no ' || n from generate_series(1, 1001) n returning id)
     insert into blocks (user_id, artist_id) select ?, id from made`,
    [many.id],
  );
  const { blocks } = (await many.get('blocks/export')).body as { blocks: { artistId: string }[] };
  expect(new Set(blocks.map(({ artistId }) => artistId)).size).toBe(1001);
});

it('of nobody’s blocks is empty, in both', async () => {
  const nobody = await harness.person();
  expect((await nobody.get('blocks/export')).body).toMatchObject({ blocks: [] });
  expect((await nobody.get('blocks/export?format=csv')).text.trimEnd().split('\n')).toHaveLength(1);
});
