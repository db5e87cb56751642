import { saveAppleMusicConsent } from '../../adapters/postgres/apple-music-consent';
import { createCredentialStore } from '../../adapters/postgres/credentials';
import { createDeveloperTokens } from '../../adapters/providers/apple-music/developer-token';
import { createVault } from '../../adapters/vault/vault';
import { musicConsent } from '../../dev/connected-account/apple-music-consent';
import { faultScenes } from '../support/fault-scenes';
import { ratingKey } from '../support/journal-truth';
import { planDislikes, ratingsOf, smallAppleLibrary, type SmallAppleLibrary } from '../support/small-apple-library';
import { skipTime } from '../support/stage';
import { type Person, startSystem, type System } from '../support/system';

/** What can go wrong with ratings: each is a call of its own, and the person may be needed for a new token. */
const user = 'apple-listener';
let system: System;
let person: Person;
let small: SmallAppleLibrary;

beforeAll(async () => {
  system = await startSystem();
  await system.startWorkers();
  person = await system.connectAppleMusic(user);
  small = smallAppleLibrary(await system.admin.tracks(5_000));
}, 120_000);
afterAll(() => system?.close());

const at = 'Apple Music';
const { scene, untruths, complete } = faultScenes('faults-apple-music.test.ts', () => system);
const fault = (fields: Record<string, unknown>) => system.admin.fault({ service: 'apple_music', ...fields });
const ratings = async () => ratingsOf(await system.admin.appleLibrary(user));
const completed = { status: 'completed', receipt: { unexplained: 0 } };

async function given() {
  await system.admin.clearFaults();
  await system.orm.em.fork().execute(`delete from provider_gates`);
  return planDislikes(system, user, person, small);
}

async function ended<T extends { jobId: string }>(started: Promise<T>): Promise<T> {
  const run = await started;
  await system.jobEnd(run.jobId);
  return run;
}

async function noFaultsLeft(): Promise<void> {
  while ((await system.admin.faults()).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Rates and takes back, with something wrong about each write. */
function thereAndBack(wrong: Record<string, unknown>) {
  return async () => {
    const { plan, before, after, uris } = await given();
    const written = uris.filter((uri) => before[ratingKey(uri)] !== -1).length;
    expect(written).toBeGreaterThan(3);
    await fault({ method: 'PUT', times: written, ...wrong });
    const run = await ended(person.execute(plan.id));
    expect(await person.run(run.runId)).toMatchObject(completed);
    expect(await ratings()).toEqual(after);
    await system.admin.clearFaults();
    for (const method of ['PUT', 'DELETE']) await fault({ method, times: 2, ...wrong });
    const undo = await ended(person.rollback(run.runId));
    expect(await person.run(undo.runId)).toMatchObject(completed);
    expect(await ratings()).toEqual(before);
    return { user, runIds: [run.runId, undo.runId] };
  };
}

scene(
  'a rate limit of hours',
  at,
  'it is sat out in the middle of a batch',
  async () => {
    const { plan, before, after } = await given();
    const seconds = 6 * 3_600;
    await fault({ method: 'PUT', skip: 1, status: 429, retryAfter: seconds });
    const run = await person.execute(plan.id);
    for (let waits = false; !waits;) waits = (await person.run(run.runId)).status === 'waiting';
    await skipTime(system, run.runId, seconds);
    await system.jobEnd(run.jobId);
    expect(await person.run(run.runId)).toMatchObject(completed);
    expect(await ratings()).toEqual(after);
    const undo = await ended(person.rollback(run.runId));
    expect(await ratings()).toEqual(before);
    return { user, runIds: [run.runId, undo.runId] };
  },
  { onlyLong: true },
);

scene('a lost answer', at, 'each rating was written or taken away', thereAndBack({ dropAnswer: true }));
scene('a lost answer', at, 'no write arrived', thereAndBack({ status: 503 }), { onlyLong: true });
scene('a late write', at, 'each lands three seconds late', thereAndBack({ landLateMs: 3_000 }), { onlyLong: true });
scene('reads that lag', at, 'each write shows 5 s later', thereAndBack({ readLagMs: 5_000 }), { onlyLong: true });

/** Lets one rating be written, and does something before the next one arrives. */
async function inTheMiddle(planId: string, deed: () => Promise<unknown>): Promise<{ runId: string; jobId: string }> {
  await fault({ method: 'PUT', skip: 1, times: 1, delayMs: 1_500 });
  const run = await person.execute(planId);
  await noFaultsLeft();
  await deed();
  await system.jobEnd(run.jobId);
  return run;
}

async function reconnect(): Promise<void> {
  const settings = system.config.appleMusic;
  if (!settings) throw new Error('Apple Music is not configured.');
  const { token } = await createDeveloperTokens(settings).current();
  const { userId, connectionId } = person;
  const { teamId, quota } = settings;
  const consent = { userId, connectionId, teamId, quota, ...(await musicConsent(system.sandbox.url, user, token)) };
  const credentials = createCredentialStore(system.orm, createVault(system.config.VAULT_KEYS));
  const saved = await system.orm.em.fork().transactional((tx) => saveAppleMusicConsent(tx, credentials, consent));
  expect(saved).toMatchObject({ outcome: 'renewed', connectionId });
}

scene('a consent that is revoked', at, 'in the middle: the run needs its person, and is undone after', async () => {
  const { plan, before } = await given();
  const run = await inTheMiddle(plan.id, () => system.admin.revoke(user, 'apple-music'));
  expect(await person.run(run.runId)).toMatchObject({ status: 'needs_attention' });
  expect(await untruths(at, { user, runIds: [run.runId] })).toEqual([]);
  expect(await ratings()).not.toEqual(before);
  await reconnect();
  const undo = await ended(person.rollback(run.runId));
  expect(await person.run(undo.runId)).toMatchObject({ status: 'completed' });
  expect(await ratings()).toEqual(before);
  return { user, runIds: [run.runId, undo.runId] };
});

scene('a missing subscription', at, 'it ends in the middle: what was rated comes back once there is one', async () => {
  const { plan, before } = await given();
  const run = await inTheMiddle(plan.id, () => system.admin.setSubscription(user, false));
  expect(await person.run(run.runId)).toMatchObject({ status: 'needs_attention' });
  expect(await untruths(at, { user, runIds: [run.runId] })).toEqual([]);
  await system.admin.setSubscription(user, true);
  await reconnect();
  const undo = await ended(person.rollback(run.runId));
  expect(await person.run(undo.runId)).toMatchObject({ status: 'completed' });
  expect(await ratings()).toEqual(before);
  return { user, runIds: [run.runId, undo.runId] };
});

scene('an edit before the run', at, 'the person’s own later ratings are what comes back', async () => {
  const { plan, uris, before } = await given();
  const library = await system.admin.appleLibrary(user);
  const fresh = uris.map(ratingKey).filter((key) => key.startsWith('songs/') && before[key] === undefined);
  const [loved = '', left = ''] = fresh;
  const rated = (key: string, value: 1 | -1) => ({ type: 'songs', id: key.split('/')[1] ?? '', value });
  await system.admin.setAppleLibrary(user, {
    ...library,
    ratings: [...library.ratings, rated(loved, 1), rated(left, -1)],
  });
  const run = await ended(person.execute(plan.id));
  expect(await person.run(run.runId)).toMatchObject(completed);
  const undo = await ended(person.rollback(run.runId));
  expect(await ratings()).toEqual({ ...before, [loved]: 1, [left]: -1 });
  return { user, runIds: [undo.runId] };
});

scene('a song gone from the catalog', at, 'before the run: it fails by itself, the rest is rated', async () => {
  const { plan, uris, before, after } = await given();
  const key = uris.map(ratingKey).find((one) => one.startsWith('songs/') && before[one] === undefined) ?? '';
  const gone = (await system.admin.tracks(5_000)).find(({ appleMusicId }) => key === `songs/${appleMusicId}`);
  await system.admin.setTrackAvailable(gone?.id ?? '', false);
  const run = await ended(person.execute(plan.id));
  await system.admin.setTrackAvailable(gone?.id ?? '', true);
  expect(await person.run(run.runId)).toMatchObject({ ...completed, status: 'partially_completed' });
  const { [key]: _, ...others } = after;
  expect(await ratings()).toEqual(others);
  const undo = await ended(person.rollback(run.runId));
  expect(await ratings()).toEqual(before);
  return { user, runIds: [run.runId, undo.runId] };
});

complete();
