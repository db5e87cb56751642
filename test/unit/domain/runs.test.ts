import {
  actionStatuses,
  canRunTransition,
  canTransition,
  finalRunStatus,
  runCounts,
  runCountsByStatus,
  runStatuses,
  terminalRunStatuses,
  undoneAtOnce,
  undoneState,
  type ActionStatus,
} from '../../../domain/runs';

const actions = (...statuses: ActionStatus[]) => statuses.map((status) => ({ status }));

describe('an action', () => {
  test('moves along its line, and back only to be tried again', () => {
    const moves = actionStatuses.flatMap((from) =>
      actionStatuses.filter((to) => canTransition(from, to)).map((to) => `${from} → ${to}`),
    );
    expect(moves).toEqual([
      'pending → applying',
      'pending → skipped',
      'pending → failed',
      'applying → applied',
      'applying → skipped',
      'applying → failed',
      'applied → pending',
      'applied → undone',
      'applied → undo_failed',
      'skipped → pending',
      'failed → pending',
      'failed → applying',
      'failed → undone',
      'failed → undo_failed',
      'undo_failed → undone',
    ]);
  });
});

describe('a run', () => {
  test('that has ended stays ended, unless what failed is tried again', () => {
    for (const from of terminalRunStatuses) {
      for (const to of runStatuses) expect(canRunTransition(from, to)).toBe(to === 'queued' && from !== 'completed');
    }
  });

  test('can end from wherever it is, and is never cancelled back into running', () => {
    for (const from of runStatuses.filter((status) => !terminalRunStatuses.has(status))) {
      expect(canRunTransition(from, 'needs_attention')).toBe(true);
      expect(canRunTransition(from, 'queued')).toBe(false);
    }
    expect(canRunTransition('waiting', 'running')).toBe(true);
    expect(canRunTransition('cancelling', 'running')).toBe(false);
    expect(canRunTransition('queued', 'completed')).toBe(false);
  });

  test('counts as applied what it achieved, also once it is undone', () => {
    const all = actions('pending', 'applying', 'applied', 'undone', 'undo_failed', 'skipped', 'failed');
    const counts = { included: 7, pending: 2, applied: 3, skipped: 1, failed: 1 };
    expect(runCounts(all)).toEqual(counts);
    const byStatus = Object.fromEntries(all.map(({ status }) => [status, 1]));
    expect(runCountsByStatus(byStatus)).toEqual(counts);
    expect(runCountsByStatus({})).toEqual(runCounts([]));
  });

  test.each([
    ['nothing', [], 'none'],
    ['nothing applied', ['skipped', 'failed'], 'none'],
    ['nothing undone', ['applied', 'applied'], 'none'],
    ['one of two undone', ['applied', 'undone'], 'partly'],
    ['one of two refused', ['undo_failed', 'undone'], 'partly'],
    ['only a refusal', ['undo_failed'], 'none'],
    ['all that was applied undone', ['undone', 'undone', 'skipped', 'failed'], 'fully'],
  ] as const)('undone: %s', (_story, statuses, state) => {
    expect(undoneState(actions(...statuses))).toBe(state);
  });

  test.each([
    ['with nothing to do', [], false, 'enforce', 'completed'],
    ['all applied', ['applied', 'applied'], false, 'enforce', 'completed'],
    ['applied and skipped', ['applied', 'skipped'], false, 'enforce', 'completed'],
    ['some failed', ['applied', 'failed'], false, 'enforce', 'partially_completed'],
    ['all failed', ['failed', 'failed'], false, 'enforce', 'failed'],
    ['cancelled half-way', ['applied', 'pending'], true, 'enforce', 'cancelled'],
    ['cancelled half-way, the rest skipped', ['applied', 'skipped'], true, 'enforce', 'cancelled'],
    ['cancelled when all was done', ['applied'], true, 'enforce', 'completed'],
    ['left with something untried', ['applied', 'pending'], false, 'enforce', 'needs_attention'],
    ['a rollback that brought all back', ['applied'], false, 'rollback', 'completed'],
    ['a rollback that could not', ['applied', 'failed'], false, 'rollback', 'needs_attention'],
    ['a rollback cancelled half-way', ['applied', 'pending'], true, 'rollback', 'cancelled'],
  ] as const)('ends %s', (_story, statuses, cancelRequested, runType, status) => {
    expect(finalRunStatus(runCounts(actions(...statuses)), cancelRequested, runType)).toBe(status);
  });

  test.each([
    ['keep', false, false, { failed: 1 }, null],
    ['keep', true, true, {}, 'person'],
    ['keep', true, false, { failed: 1 }, null],
    ['rollback', false, false, {}, null],
    ['rollback', false, false, { failed: 1 }, 'failure'],
    ['rollback', false, false, { pending: 1 }, 'failure'],
    ['rollback', true, true, { failed: 1 }, 'person'],
    ['rollback', true, false, {}, null],
    // A rollback that was wished for with a cancel that came too late to be one.
    ['keep', false, true, { failed: 1 }, null],
  ] as const)(
    'on failure %s, cancelled %p with rollback %p, with %j: undone at once by %p',
    (onFailure, cancelled, cancelWithRollback, counts, by) => {
      const choices = { onFailure, cancelled, cancelWithRollback };
      expect(undoneAtOnce(choices, { failed: 0, pending: 0, ...counts })).toBe(by);
    },
  );
});
