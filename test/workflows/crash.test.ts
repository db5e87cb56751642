import { type Arena, openArena } from '../support/arena';
import { faultScenes } from '../support/fault-scenes';
import { type KillPoint, nameOf, type Step } from '../support/kill-points';

/**
 * A worker dies by SIGKILL in the middle of runs, and another in the middle of their rollbacks; each time a second worker
 * finishes. The short list has each kind of step, for three people at once, so that each kill meets the other two somewhere.
 * LONG takes every step that a run and a rollback have, three times over.
 */
const long = Boolean(process.env.LONG);
const people = long ? ['listener'] : ['listener', 'second-listener', 'apple-listener'];
const arenaCount = long ? 6 : 2;
const arenas: Arena[] = [];

const call = (when: Step['when'], label: string, n = 1): KillPoint => ({ kind: 'call', when, label, n });
const commit = (when: Step['when'], label: string, n = 1): KillPoint => ({ kind: 'commit', when, label, n });

const sample: [inRun: KillPoint, inRollback: KillPoint][] = [
  [call('before', 'DELETE /me/library', 4), call('before', 'POST /playlists/{id}/items', 2)],
  [call('after', 'DELETE /playlists/{id}/items', 2), call('after', 'POST /playlists/{id}/items', 4)],
  [call('after', 'POST /me/playlists'), call('after', 'PUT /me/library', 3)],
  [commit('before', 'settle', 3), commit('after', 'settle', 10)],
];

const { record, plays, complete } = faultScenes('crash.test.ts');
plays('a killed worker', 'Spotify, development');

beforeAll(async () => {
  arenas.push(...(await Promise.all(Array.from({ length: arenaCount }, () => openArena(people)))));
}, 180_000);
afterAll(async () => {
  for (const arena of arenas) await arena.close();
}, 60_000);

test(
  `a worker killed at ${long ? 'any' : 'each kind of'} step of a run or a rollback: another finishes, nothing is lost or doubled`,
  async () => {
    await expectToHold(arenas, long ? await everyStep(arenas) : [...sample]);
  },
  long ? 3 * 3_600_000 : 400_000,
);

(long ? test : test.skip)(
  'the same where the runs put back what a backup has, and their rollbacks take it out again',
  async () => {
    const restoring = await Promise.all(Array.from({ length: arenaCount }, () => openArena(people, 'restore')));
    try {
      await expectToHold(restoring, await everyStep(restoring));
    } finally {
      for (const arena of restoring) await arena.close();
    }
  },
  3 * 3_600_000,
);

complete();

async function expectToHold(all: readonly Arena[], waiting: [KillPoint, KillPoint][]): Promise<void> {
  const failures: string[] = [];
  const count = waiting.length;
  const lane = async (arena: Arena) => {
    for (let pair = waiting.shift(); pair; pair = waiting.shift()) {
      const found = await arena.runAndRollBack(...pair);
      const name = `${nameOf(pair[0])}, ${nameOf(pair[1])}`;
      if (found.length > 0) failures.push(`${name}: ${found.join('; ')}`);
      // The long list takes most of an hour: say how far it is.
      if (long)
        process.stderr.write(`${waiting.length} left, ${found.length > 0 ? found.join('; ') : 'held'}: ${name}\n`);
    }
  };
  await Promise.all(all.map(lane));
  const seen = `SIGKILL at ${count} pairs of steps`;
  record('a killed worker', 'Spotify, development', seen, failures.length === 0);
  expect(failures).toEqual([]);
}

/** Every call and commit that an undisturbed run and rollback make, before and after; the shorter list begins anew. */
async function everyStep(all: readonly Arena[]): Promise<[KillPoint, KillPoint][]> {
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
  const rounds = 3 * Math.max(forRun.length, forRollback.length);
  return Array.from({ length: rounds }, (_, n) => [
    forRun[n % forRun.length] as KillPoint,
    forRollback[n % forRollback.length] as KillPoint,
  ]);
}
