import { type Arena, openArena } from '../support/arena';
import type { ArenaStory } from '../support/arena-members';
import { faultScenes, type Place } from '../support/fault-scenes';
import { type KillPoint, nameOf, type Step } from '../support/kill-points';

/**
 * A worker dies by SIGKILL in the middle of runs, and another in the middle of their rollbacks; each time a second worker
 * finishes. The short list has each kind of step, for three people at once, so that each kill meets the other two somewhere.
 * LONG takes every step that a run and a rollback have, three times over at either provider; where a backup is put back, which
 * goes by the code of the other two, once.
 */
const long = Boolean(process.env.LONG);
const people = long ? ['listener'] : ['listener', 'second-listener', 'apple-listener'];

const call = (when: Step['when'], label: string, n = 1): KillPoint => ({ kind: 'call', when, label, n });
const commit = (when: Step['when'], label: string, n = 1): KillPoint => ({ kind: 'commit', when, label, n });

type Death = [inRun: KillPoint, inRollback: KillPoint];
const sample: Death[] = [
  [call('before', 'DELETE /me/library', 4), call('before', 'POST /playlists/{id}/items', 2)],
  [call('after', 'DELETE /playlists/{id}/items', 2), call('after', 'POST /playlists/{id}/items', 4)],
  [call('after', 'POST /me/playlists'), call('after', 'PUT /me/library', 3)],
  [commit('before', 'settle', 3), commit('after', 'settle', 10)],
];

/** What extended quota does by calls of its own. */
const ofExtended: Death[] = [
  [call('before', 'DELETE /me/following'), call('before', 'PUT /me/tracks')],
  [call('after', 'DELETE /me/following'), call('after', 'PUT /me/tracks')],
  [commit('after', 'intend', 5), call('before', 'PUT /me/following')],
  [commit('before', 'settle', 5), call('after', 'PUT /me/following')],
];

const { record, plays, complete } = faultScenes('crash.test.ts');
const open: Arena[] = [];
afterEach(async () => {
  for (const arena of open.splice(0)) await arena.close();
}, 60_000);

plays('a killed worker', 'Spotify, development');
test(
  `a worker killed at ${long ? 'any' : 'each kind of'} step of a run or a rollback: another finishes, nothing is lost or doubled`,
  async () => {
    const arenas = await openArenas(long ? 6 : 2, 'removal');
    await expectToHold(arenas, long ? await everyStep(arenas, 3) : sample, 'Spotify, development');
  },
  long ? 3 * 3_600_000 : 580_000,
);

(long ? test : test.skip)(
  'the same where the runs put back what a backup has, and their rollbacks take it out again',
  async () => {
    const arenas = await openArenas(6, 'backup');
    await expectToHold(arenas, await everyStep(arenas, 1), 'Spotify, development');
  },
  3 * 3_600_000,
);

plays('a killed worker', 'Spotify, extended');
(long ? test : test.skip)(
  'a worker killed at the calls that only extended quota has (LONG)',
  async () => expectToHold(await openArenas(2, 'removal', 'extended'), ofExtended, 'Spotify, extended'),
  3_600_000,
);

plays('a killed worker', 'Apple Music');
(long ? test : test.skip)(
  'a worker killed at any step at Apple Music (LONG)',
  async () => {
    const arenas = await openArenas(4, 'ratings');
    await expectToHold(arenas, await everyStep(arenas, 3), 'Apple Music');
  },
  3 * 3_600_000,
);

complete();

async function openArenas(count: number, story: ArenaStory, dialect?: 'extended'): Promise<Arena[]> {
  const users = story === 'ratings' ? ['apple-listener'] : people;
  open.push(...(await Promise.all(Array.from({ length: count }, () => openArena(users, story, dialect)))));
  return open;
}

/** Takes all pairs of deaths, as many at a time as there are arenas. */
async function expectToHold(arenas: readonly Arena[], deaths: readonly Death[], at: Place): Promise<void> {
  const waiting = [...deaths];
  const failures: string[] = [];
  const lane = async (arena: Arena) => {
    for (let death = waiting.shift(); death; death = waiting.shift()) {
      const found = await arena.runAndRollBack(...death);
      const name = `${nameOf(death[0])}, ${nameOf(death[1])}`;
      if (found.length > 0) failures.push(`${name}: ${found.join('; ')}`);
      // The long list takes most of an hour: say how far it is.
      if (long)
        process.stderr.write(`${waiting.length} left, ${found.length > 0 ? found.join('; ') : 'held'}: ${name}\n`);
    }
  };
  await Promise.all(arenas.map(lane));
  record('a killed worker', at, `SIGKILL at ${deaths.length} pairs of steps`, failures.length === 0);
  expect(failures).toEqual([]);
}

/** Every call and commit that an undisturbed run and rollback make, before and after; the shorter list begins anew. */
async function everyStep(all: readonly Arena[], times: number): Promise<Death[]> {
  const { inRun, inRollback } = await (all[0] as Arena).countSteps();
  const points = (steps: readonly Step[]): KillPoint[] =>
    (['call', 'commit'] as const).flatMap((kind) =>
      (['before', 'after'] as const).flatMap((when) =>
        Array.from(
          { length: steps.filter((step) => step.kind === kind && step.when === when).length },
          (_, n): KillPoint => ({ kind, when, n: n + 1 }),
        ),
      ),
    );
  const [forRun, forRollback] = [points(inRun), points(inRollback)];
  const rounds = times * Math.max(forRun.length, forRollback.length);
  return Array.from({ length: rounds }, (_, n) => [
    forRun[n % forRun.length] as KillPoint,
    forRollback[n % forRollback.length] as KillPoint,
  ]);
}
