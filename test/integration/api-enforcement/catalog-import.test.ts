import { createCatalogImportActivities } from '../../../activities/catalog-imports';
import { createPlanActivities } from '../../../activities/plans';
import { newId } from '../../../adapters/postgres/ids';
import { forgetfulAppBook } from '../../../adapters/providers/spotify/app-book';
import { allPages, itemsOf, outcome, startHarness, unknownId, type Caller, type Harness } from './harness';

let harness: Harness;
let admin: Caller;
let person: Caller;
const asAdmin = { roles: ['admin' as const], scopes: ['read' as const, 'write' as const, 'admin' as const] };
beforeAll(async () => {
  harness = await startHarness();
  admin = await harness.person(asAdmin);
  person = await harness.person();
});
afterAll(() => harness.api.close());

type Body = Record<string, unknown>;
const mbid = () => newId();
let names = 0;
const fresh = (name: string) => `${name} ${(names += 1)}`;
const spotify = (id: string) => ({ type: 'streaming', url: { resource: `https://open.spotify.com/artist/${id}` } });
const lines = (...values: unknown[]) => values.map((value) => JSON.stringify(value)).join('\n');

const activities = () => createCatalogImportActivities({ orm: harness.api.deps.orm });
const upload = (query: string, raw: string, type = 'application/x-ndjson', who = admin) =>
  who.upload(`artists/import?${query}`, raw, { 'content-type': type });
/** What the workflow does. */
async function carryOut({ importId, jobId }: { importId: string; jobId: string }) {
  while ((await activities().importCatalogSlice({ importId, jobId })).more);
  await activities().finishCatalogImport({ importId, jobId, failureCode: null });
  return importId;
}
async function imported(query: string, raw: string, type?: string) {
  const started = await upload(query, raw, type);
  if (started.status !== 202) throw new Error(started.text);
  return carryOut(started.body as { importId: string; jobId: string });
}
const summary = async (id: string) => (await admin.get(`artists/imports/${id}`)).body;
const rowsOf = async (id: string) =>
  (await allPages(admin, `artists/imports/${id}/rows`, 2)).map(({ row, outcome: came, reason }) => [
    row,
    came,
    ...(reason ? [reason] : []),
  ]);
const find = async (query: string) => itemsOf(await person.get(`artists?query=${encodeURIComponent(query)}`));

describe('artists', () => {
  it('are joined by ids and by nothing else, and keep the name that they have', async () => {
    const name = fresh('Nova');
    const ours = await harness.rows.artist(name, `lib${names}`);
    const [one, namesake] = [mbid(), mbid()];
    const file = lines(
      {
        id: one,
        name: `${name}!`,
        disambiguation: 'the singer',
        aliases: [{ name: 'N. O. Va', locale: 'en' }],
        genres: [{ name: 'pop' }],
        relations: [spotify(`lib${names}`)],
      },
      { id: namesake, name, relations: [] },
      { id: 'x', name },
      { id: one, name: `${name}!`, genres: [{ name: 'rock' }] },
    );
    const id = await imported('kind=artists', file);
    expect(await summary(id)).toMatchObject({
      kind: 'artists',
      source: 'musicbrainz',
      status: 'completed',
      total: 4,
      counts: { created: 1, changed: 2, invalid: 1 },
    });
    expect(await rowsOf(id)).toEqual([
      [1, 'changed'],
      [2, 'created'],
      [3, 'invalid', 'bad_id'],
      [4, 'changed'],
    ]);
    expect((await person.get(`artists/${ours}`)).body).toMatchObject({
      name,
      disambiguation: 'the singer',
      aliases: ['N. O. Va', `${name}!`],
      genres: ['pop', 'rock'],
      providerIds: { musicbrainz: [one], spotify: [`lib${names}`] },
    });
    expect((await find(name)).filter((artist) => artist.name === name).map((artist) => artist.disambiguation)).toEqual(
      expect.arrayContaining(['the singer', null]),
    );
    const again = await imported('kind=artists', file);
    expect(await summary(again)).toMatchObject({ counts: { unchanged: 3, invalid: 1 } });
    const job = (await admin.get(`jobs/${String((await summary(again)).jobId)}`)).body;
    expect(job).toMatchObject({
      type: 'import_catalog',
      status: 'completed',
      progress: { done: 3, total: 3 },
      subject: { href: `/api/v1/artists/imports/${again}` },
    });
  });

  it('whose ids are those of several here are left alone, and named', async () => {
    const [one, two] = [
      await harness.rows.artist(fresh('One'), `one${names}`),
      await harness.rows.artist(fresh('Two'), `two${names}`),
    ];
    const id = await imported(
      'kind=artists&source=labels',
      `name,spotify,musicbrainz\nBoth,spotify:artist:one${names - 1}; spotify:artist:two${names},${mbid()}`,
      'text/csv',
    );
    const [row] = itemsOf(await admin.get(`artists/imports/${id}/rows?outcome=conflict`));
    expect(row).toMatchObject({ row: 2, name: 'Both', reason: 'ids_disagree' });
    expect((row?.candidates as Body[]).map((artist) => artist.id).sort()).toEqual([one, two].sort());
    expect((await person.get(`artists/${one}`)).body).toMatchObject({ aliases: [], providerIds: { musicbrainz: [] } });
  });

  it('that two files, or a file and a library, bring at once are one each', async () => {
    const ids = Array.from({ length: 30 }, () => ({ id: mbid(), at: `sp${(names += 1)}` }));
    const file = lines(...ids.map(({ id, at }) => ({ id, name: `Of ${id}`, relations: [spotify(at)] })));
    const started = await upload('kind=artists', file);
    expect(started.status).toBe(202);
    const { importId, jobId } = started.body as { importId: string; jobId: string };
    const work = { importId, jobId };
    await Promise.all([
      carryOut(work),
      carryOut(work),
      ...ids.slice(0, 5).map(({ at }) => harness.rows.artist('Of a library', at)),
    ]);
    expect(await summary(importId)).toMatchObject({ status: 'completed' });
    const [counted] = await harness.rows.em.execute<{ n: number }[]>(
      `select count(distinct artist_id)::int as n from artist_provider_ids where provider_id in (select jsonb_array_elements_text(?::jsonb))`,
      [JSON.stringify(ids.flatMap(({ id, at }) => [id, at]))],
    );
    expect(counted?.n).toBe(30);
  });
});

describe('imports of the catalog', () => {
  it('are an admin’s, one at a time, and go on where they stopped', async () => {
    const file = lines({ id: mbid(), name: fresh('A') });
    const moderator = await harness.person({ roles: ['moderator'], scopes: ['read', 'write', 'moderate'] });
    for (const who of [person, moderator])
      expect(outcome(await upload('kind=artists', file, undefined, who))).toEqual([403, 'role_missing']);
    const started = await upload('kind=artists', file);
    const { importId, jobId } = started.body as { importId: string; jobId: string };
    expect(started.headers.get('location')).toBe(`/api/v1/jobs/${jobId}`);
    expect(outcome(await upload('kind=artists', file))).toEqual([409, 'import_in_progress']);
    await activities().finishCatalogImport({ importId, jobId, failureCode: 'internal_error' });
    expect(await summary(importId)).toMatchObject({ status: 'failed', failure: { code: 'internal_error' } });
    const again = (await admin.send('POST', `jobs/${jobId}/retry`)).body as { jobId: string };
    // The old workflow's last step, done again because its answer got lost.
    await activities().finishCatalogImport({ importId, jobId, failureCode: 'internal_error' });
    expect(await activities().importCatalogSlice({ importId, jobId })).toEqual({ more: false });
    expect(await summary(importId)).toMatchObject({ status: 'running', counts: { pending: 1 } });
    await carryOut({ importId, jobId: again.jobId });
    expect(await summary(importId)).toMatchObject({ status: 'completed', counts: { created: 1 } });
    expect(itemsOf(await admin.get('artists/imports?limit=1'))).toMatchObject([{ id: importId }]);
    for (const path of [unknownId, `${unknownId}/rows`, 'x'])
      expect(outcome(await admin.get(`artists/imports/${path}`))).toEqual([404, 'not_found']);
  });

  it.each([
    ['of no kind', '', 'x', 'application/x-ndjson', [400, 'invalid_request']],
    ['of another type', 'kind=artists', '[]', 'application/json', [415, 'unsupported_media_type']],
    ['with nothing in it', 'kind=artists', '\n\n', 'application/x-ndjson', [400, 'import_empty']],
    ['without names', 'kind=recordings', 'isrc\nX', 'text/csv', [400, 'import_no_column']],
    [
      'with a source like a text',
      `kind=artists&source=${encodeURIComponent('<b>')}`,
      'name\n',
      'text/csv',
      [400, 'invalid_request'],
    ],
  ] as const)('%s are refused', async (_name, query, raw, type, code) => {
    expect(outcome(await upload(query, raw, type))).toEqual(code);
  });
});

describe('who wrote and produced a song', () => {
  const makePlan = async (planId: string) =>
    createPlanActivities({
      orm: harness.api.deps.orm,
      spotifyApps: forgetfulAppBook,
      callRates: { spotify: 20, apple_music: 20 },
      unattendedListHours: 48,
    }).makePlan({ planId });

  it('is for review in a thorough plan, by ISRC or the provider’s id, with the source', async () => {
    const listener = await harness.person();
    const connectionId = await harness.rows.connection(listener.id);
    const [wren, byName] = [fresh('Wren Hollis'), fresh('Oda Brandt')];
    const tracks = ['isrc', 'uri', 'name', 'plays', 'same'].map((id) => ({
      id: `cr-${id}`,
      name: 'A Song',
      artistId: 'crSinger',
      artist: 'A Singer',
    }));
    await harness.rows.library(connectionId, { tracks, likes: tracks.map(({ id }) => id), playlists: [] });
    await harness.rows.em.execute(`update tracks set isrc = 'us-um7-17-03861' where uri = 'spotify:track:cr-isrc'`);
    const credited = mbid();
    const artist = { id: credited, name: wren };
    const recording = (more: Body) => ({ id: mbid(), title: 'A Song', 'artist-credit': [], ...more });
    const at = (id: string) => ({ type: 'streaming', url: { resource: `https://open.spotify.com/track/${id}` } });
    const releaseId = mbid();
    const dump = [
      // As a dump of releases has them.
      {
        id: releaseId,
        title: 'An Album',
        date: '1999-03',
        'artist-credit': [{ name: wren, artist }],
        'cover-art-archive': { front: true },
        media: [
          {
            tracks: [recording({ isrcs: ['USUM71703861'], relations: [{ type: 'producer', artist }] })].map((one) => ({
              recording: one,
            })),
          },
        ],
      },
      recording({
        relations: [at('cr-uri'), { type: 'performance', work: { relations: [{ type: 'lyricist', artist }] } }],
      }),
      recording({ relations: [at('cr-plays')], 'artist-credit': [{ name: wren, artist }] }),
      // Of almost the same title, and of nothing else.
      recording({ title: `A Song ${'\u{1f3b8}'.repeat(250)}`, relations: [{ type: 'producer', artist }] }),
    ];
    // The credits come before anybody knows whose the ids are.
    expect(await summary(await imported('kind=recordings', lines(...dump)))).toMatchObject({ counts: { created: 4 } });
    expect(await summary(await imported('kind=recordings', lines(...dump)))).toMatchObject({
      counts: { unchanged: 4 },
    });
    await imported('kind=artists', lines({ id: credited, name: wren }));
    await imported(
      'kind=recordings&source=sleeves',
      `name,spotify,writers\nA Song,spotify:track:cr-name,${byName}`,
      'text/csv',
    );
    const [block] = await find(wren);
    const other = await harness.rows.artist(byName);
    for (const id of [block?.id, other])
      expect((await listener.send('PUT', `blocks/${String(id)}`, {})).status).toBeLessThan(300);

    const plan = async (preset: string) => {
      const { planId } = (await listener.send('POST', 'enforcement/plans', { connectionId, preset })).body;
      await makePlan(String(planId));
      return allPages(listener, `enforcement/plans/${String(planId)}/items`, 50);
    };
    expect(await plan('standard')).toEqual([]);
    const items = await plan('thorough');
    expect(items.map(({ uri, included, needsReview }) => [uri, included, needsReview])).toEqual(
      ['isrc', 'uri', 'name'].map((id) => [`spotify:track:cr-${id}`, false, true]),
    );
    expect(items.map(({ matches }) => (matches as Body[])[0])).toMatchObject([
      { artistId: block?.id, role: 'credit', evidence: { kind: 'import', detail: 'musicbrainz' } },
      { artistId: block?.id, role: 'credit', evidence: { kind: 'import', detail: 'musicbrainz' } },
      { artistId: other, role: 'credit', evidence: { kind: 'import', detail: 'sleeves', found: { text: byName } } },
    ]);
    const check = async (preset: string) => {
      const uris = tracks.map(({ id }) => `spotify:track:${id}`);
      return itemsOf(await listener.send('POST', 'blocks/check', { uris, preset })).map((item) => item.needsReview);
    };
    expect(await check('thorough')).toEqual([true, true, true, false, false]);
    expect(await check('standard')).toEqual([false, false, false, false, false]);
    // What the source says last is what holds.
    const [first, ...others] = JSON.parse(JSON.stringify(dump)) as [{ media: [{ tracks: [{ recording: Body }] }] }];
    first.media[0].tracks[0].recording.relations = [];
    const corrected = [first, ...others];
    expect(await summary(await imported('kind=recordings', lines(...corrected)))).toMatchObject({
      counts: { changed: 1, unchanged: 3 },
    });
    expect((await plan('thorough')).map(({ uri }) => uri)).toEqual(['spotify:track:cr-uri', 'spotify:track:cr-name']);
    expect(
      await harness.rows.em.execute(
        `select l.name, l.release_date, l.image_url, array(select artist_id::text from album_artists a where a.album_id = l.id) as artists,
           (select count(*)::int from recording_albums r where r.album_id = l.id) as recordings from albums l where l.uri = ?`,
        [`musicbrainz:release:${releaseId}`],
      ),
    ).toEqual([
      {
        name: 'An Album',
        release_date: '1999-03',
        image_url: `https://coverartarchive.org/release/${releaseId}/front-250`,
        artists: [block?.id],
        recordings: 1,
      },
    ]);
    expect(await find(`https://musicbrainz.org/release/${releaseId}`)).toMatchObject([{ id: block?.id }]);
    expect(await summary(await imported('kind=recordings', lines(...corrected)))).toMatchObject({
      counts: { unchanged: 4 },
    });

    // What is the same by a match counts too, while that stands; plans that looked at credits turn stale.
    await harness.rows.em.execute(
      `insert into recording_matches (id, one_id, other_id, means, state, band, score)
       select ?, t.id, r.id, 'linkage', 'pending', 'review', 0.8 from tracks t, recordings r
       where t.uri = 'spotify:track:cr-same' and r.name like 'A Song _%'`,
      [newId()],
    );
    const moderator = await harness.person({ roles: ['moderator'], scopes: ['read', 'write', 'moderate'] });
    const planned = async (preset: string) => {
      const { planId } = (await listener.send('POST', 'enforcement/plans', { connectionId, preset })).body;
      await makePlan(String(planId));
      return async () => (await listener.get(`enforcement/plans/${String(planId)}`)).body;
    };
    const [thorough, standard] = [await planned('thorough'), await planned('standard')];
    const [match] = itemsOf(await moderator.get('recording-matches?state=pending'));
    const decide = (decision: string) => moderator.send('POST', `recording-matches/${String(match?.id)}/${decision}`);
    expect((await decide('approve')).body).toMatchObject({
      state: 'accepted',
      recordings: [{ kind: 'track' }, { kind: 'recording' }],
    });
    expect(await thorough()).toMatchObject({ status: 'stale', staleReasons: ['recordings_matched'] });
    expect(await standard()).toMatchObject({ status: 'ready', staleReasons: [] });
    expect(await check('thorough')).toEqual([false, true, true, false, true]);
    expect((await plan('thorough')).map(({ uri }) => uri)).toContain('spotify:track:cr-same');
    await decide('reject');
    expect(await check('thorough')).toEqual([false, true, true, false, false]);
  });
});
