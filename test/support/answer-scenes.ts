import type { faultScenes, Place } from './fault-scenes';
import { shapeOf } from './sandbox-admin';
import type { SmallLibrary } from './small-library';
import type { Stage } from './stage';

const completed = { status: 'completed', receipt: { unexplained: 0 } };

/** The run takes exactly the blocked artist out. */
export async function runsThere(stage: Stage, runId: string, small: SmallLibrary): Promise<void> {
  expect(await stage.person.run(runId)).toMatchObject(completed);
  expect(new Set((await stage.actions(runId)).map((action) => action.outcome_code))).toEqual(new Set(['removed']));
  expect(shapeOf(await stage.library())).toEqual(shapeOf(small.without));
}

/** Its rollback brings everything back. */
export async function andBack(stage: Stage, runId: string, small: SmallLibrary): Promise<void> {
  expect(await stage.person.run(runId)).toMatchObject(completed);
  expect(new Set((await stage.actions(runId)).map((action) => action.outcome_code))).toEqual(new Set(['restored']));
  expect(shapeOf(await stage.library())).toEqual(shapeOf(small.library));
}

/**
 * Every kind of write that a run and its rollback make at Spotify, with something wrong about its answer. The two dialects
 * write by other calls, so both go through all of it.
 */
export function answerScenes(
  { scene }: Pick<ReturnType<typeof faultScenes<'spotify-dialects.test.ts'>>, 'scene'>,
  stage: () => Stage,
  at: Place,
  short: readonly ('lost' | 'late' | 'lag')[],
): void {
  const long = Boolean(process.env.LONG);
  const thereAndBack =
    (wrong: Record<string, unknown>, turns: { removals: number; saves: number; insertions: number }) => async () => {
      const { system, user } = stage();
      const { small, plan } = await stage().scene();
      const fault = (method: string, times: number) =>
        system.admin.fault({ service: 'spotify', method, times, ...wrong });
      await fault('DELETE', turns.removals);
      await fault('PUT', turns.saves);
      await fault('POST', turns.insertions);
      const run = await stage().enforce(plan);
      await runsThere(stage(), run.runId, small);
      const undo = await stage().undo(run.runId);
      await andBack(stage(), undo.runId, small);
      return { user, runIds: [run.runId, undo.runId] };
    };
  const each = { removals: 6, saves: 4, insertions: 3 };
  const onlyLong = (kind: (typeof short)[number]) => ({ onlyLong: !short.includes(kind) });
  scene('a lost answer', at, 'each write was done', thereAndBack({ dropAnswer: true }, each), onlyLong('lost'));
  scene('a lost answer', at, 'no write arrived', thereAndBack({ status: 503 }, each), { onlyLong: true });
  scene(
    'a late write',
    at,
    'each lands three seconds late',
    thereAndBack({ landLateMs: 3_000 }, each),
    onlyLong('late'),
  );
  const lag = long ? 5_000 : 2_000;
  const all = { removals: 10, saves: 10, insertions: 10 };
  scene(
    'reads that lag',
    at,
    `each write shows ${lag / 1000} s later`,
    thereAndBack({ readLagMs: lag }, all),
    onlyLong('lag'),
  );
}
