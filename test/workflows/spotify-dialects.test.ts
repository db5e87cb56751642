import { backupOf, planFromBackup } from '../support/backup';
import { answerScenes } from '../support/answer-scenes';
import { faultScenes } from '../support/fault-scenes';
import { type SandboxLibrary, shapeOf } from '../support/sandbox-admin';
import { openStage, type Stage } from '../support/stage';
import { startSystem } from '../support/system';

/** The operator says that the app has extended quota; which it has is the sandbox's. */
const environment = { SPOTIFY_APPS: 'sandbox-spotify:sandbox-spotify-secret:developer-1:extended' };
const app = 'sandbox-spotify';
const lossy = ['date_added', 'position'];

let stage: Stage;

beforeAll(async () => {
  const system = await startSystem({ environment });
  await system.startWorkers();
  stage = await openStage(system);
});
afterAll(() => stage?.system.close());

const scenes = faultScenes('spotify-dialects.test.ts', () => stage.system);

const has = (dialect: 'development' | 'extended') => stage.system.admin.setSpotifyApp(app, { dialect });
const rows = <Row>(sql: string, values: unknown[]) => stage.system.orm.em.fork().execute<Row[]>(sql, values);
const likeLosses = async (table: 'actions' | 'plan_items', column: string, id: string) =>
  (
    await rows<{ losses: string[] }>(`select losses from ${table} where ${column} = ? and item_type = 'liked_track'`, [
      id,
    ])
  ).map(({ losses }) => losses);

test('with extended quota likes come back with their dates, at their places, and nothing is lost of them', async () => {
  await has('extended');
  const { small, plan } = await stage.scene();
  expect(await likeLosses('plan_items', 'plan_id', plan.id)).toEqual([[], []]);
  const run = await stage.enforce(plan);
  expect(await stage.countCalls('DELETE', '/me/following')).toBe(1);
  const undo = await stage.undo(run.runId);
  expect(await stage.person.run(undo.runId)).toMatchObject({ status: 'completed', receipt: { unexplained: 0 } });
  const dates = ({ likes }: SandboxLibrary) => likes.map(({ trackId, addedAt }) => [trackId, Date.parse(addedAt)]);
  expect(dates(await stage.library())).toEqual(dates(small.library));
  expect(shapeOf(await stage.library())).toEqual(shapeOf(small.library));
  expect(await likeLosses('actions', 'run_id', undo.runId)).toEqual([[], []]);
  expect(await stage.countCalls('PUT', '/me/tracks')).toBe(1);
});

test('what a backup puts back with extended quota has its date and its place, and goes again', async () => {
  await has('extended');
  const { small } = await stage.scene();
  const { system, person } = stage;
  const backup = await backupOf(system, person);
  // The one in the middle and the oldest: neither would come to stand where it stood if it were liked anew.
  const lost = { ...small.library, likes: small.library.likes.slice(0, 1) };
  await system.admin.setLibrary(stage.user, lost);
  const plan = await planFromBackup(system, person, backup);
  await rows('update plan_items set included = true where plan_id = ?', [plan.id]);
  expect(await likeLosses('plan_items', 'plan_id', plan.id)).toEqual([[], []]);
  const run = await stage.enforce(plan);
  expect(await person.run(run.runId)).toMatchObject({ runType: 'restore', receipt: { restored: 2, unexplained: 0 } });
  expect((await stage.library()).likes.map(({ trackId }) => trackId)).toEqual(
    small.library.likes.map(({ trackId }) => trackId),
  );
  expect(await likeLosses('actions', 'run_id', run.runId)).toEqual([[], []]);
  await stage.undo(run.runId);
  expect((await stage.library()).likes.map(({ trackId }) => trackId)).toEqual(lost.likes.map(({ trackId }) => trackId));
});

answerScenes(scenes, () => stage, 'Spotify, extended', ['lost']);

scenes.scene(
  'a missing scope',
  'Spotify, extended',
  'follows fail with its code, and nothing is concluded about the app',
  async () => {
    const { small, plan } = await stage.scene();
    const body = { error: { status: 403, message: 'Insufficient client scope' } };
    await stage.system.admin.fault({ service: 'spotify', method: 'DELETE', route: '/me/following', status: 403, body });
    const run = await stage.enforce(plan);
    expect(await stage.person.run(run.runId)).toMatchObject({ status: 'partially_completed' });
    expect(shapeOf(await stage.library())).toEqual(shapeOf({ ...small.without, follows: small.library.follows }));
    expect(await rows('select * from spotify_app_findings', [])).toEqual([]);
    const undo = await stage.undo(run.runId);
    expect(shapeOf(await stage.library())).toEqual(shapeOf(small.library));
    return { user: stage.user, runIds: [run.runId, undo.runId] };
  },
);

test('an app that turns out to be in development mode is served by its own calls, told of, and remembered', async () => {
  await has('extended');
  const { small, plan } = await stage.scene();
  const run = await stage.enforce(plan);

  // A refusal that passes says nothing of the app.
  await stage.system.admin.fault({ service: 'spotify', method: 'PUT', route: '/me/tracks', status: 403 });
  const refused = await stage.undo(run.runId);
  expect(await stage.person.run(refused.runId)).toMatchObject({ status: 'needs_attention' });
  expect(await rows('select * from spotify_app_findings', [])).toEqual([]);

  await has('development');
  const undo = await stage.undo(run.runId);
  expect(await stage.person.run(undo.runId)).toMatchObject({ status: 'completed', receipt: { unexplained: 0 } });
  expect(shapeOf(await stage.library())).toEqual(shapeOf(small.library));
  expect(await likeLosses('actions', 'run_id', undo.runId)).toEqual([lossy, lossy]);
  expect(await rows('select client_id, configured, dialect from spotify_app_findings', [])).toEqual([
    { client_id: app, configured: 'extended', dialect: 'development' },
  ]);
  const next = await stage.person.plan();
  expect(await likeLosses('plan_items', 'plan_id', next.id)).toEqual([lossy, lossy]);
});

describe.each(['development', 'extended'] as const)('the list of removed likes in %s mode', (dialect) => {
  const isList = ({ name }: { name: string }) => name.startsWith('Removed on ');
  const lists = async () => (await stage.library()).playlists.filter(isList);
  const listedPlan = () => stage.person.plan('standard', { removedLikesPlaylist: true });
  const codeOf = async (runId: string) =>
    (await stage.actions(runId)).find((action) => action.item_type === 'removed_likes')?.outcome_code;

  test('is made once whatever answers get lost, left alone by the next plan, and gone with the rollback', async () => {
    await has(dialect);
    const { small } = await stage.scene();
    const plan = await listedPlan();
    for (const write of [
      { method: 'POST', route: '/me/playlists', dropAnswer: true },
      { method: 'POST', route: '/playlists/{id}/items', dropAnswer: true },
    ])
      await stage.system.admin.fault({ service: 'spotify', ...write });
    const run = await stage.enforce(plan);
    expect(await stage.person.run(run.runId)).toMatchObject({ status: 'completed', receipt: { unexplained: 0 } });
    const kept = new Set(small.without.likes.map(({ trackId }) => trackId));
    const removed = small.library.likes.flatMap(({ trackId }) => (kept.has(trackId) ? [] : `spotify:track:${trackId}`));
    expect((await lists()).map(({ items }) => items.map(({ uri }) => uri))).toEqual([removed]);
    expect(await codeOf(run.runId)).toBe('listed');
    expect(await rows(`select id from plan_items where plan_id = ?`, [(await listedPlan()).id])).toEqual([]);

    await stage.system.admin.fault({
      service: 'spotify',
      method: 'DELETE',
      route: '/me/library',
      times: 4,
      dropAnswer: true,
    });
    const undo = await stage.undo(run.runId);
    expect(await codeOf(undo.runId)).toBe('unlisted');
    expect(shapeOf(await stage.library())).toEqual(shapeOf(small.library));
    expect(await stage.person.run(undo.runId)).toMatchObject({ status: 'completed', receipt: { unexplained: 0 } });
  });

  test('stays where its person has changed it', async () => {
    const { small } = await stage.scene();
    const run = await stage.enforce(await listedPlan());
    const [list] = await lists();
    await stage.system.admin.edit(stage.user, list?.id ?? '', { op: 'rename', name: 'Removed on purpose' });
    const undo = await stage.undo(run.runId);
    expect(await codeOf(undo.runId)).toBe('changed_since');
    expect((await lists()).map(({ name }) => name)).toEqual(['Removed on purpose']);
    expect((await stage.library()).likes.map(({ trackId }) => trackId).sort()).toEqual(
      small.library.likes.map(({ trackId }) => trackId).sort(),
    );
  });
});
scenes.complete();
