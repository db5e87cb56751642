import {
  appealDenial,
  type AppealSituation,
  appealSteps,
  type AppealStep,
  closedStates,
  modifications,
  openState,
  reversalOf,
  stepDenial,
  supersedes,
} from '../../../domain/appeals';
import { measures } from '../../../domain/moderation';

const early = new Date('2026-11-01T00:00:00Z');
const late = new Date('2026-11-04T00:00:00Z');

type Change = Partial<AppealSituation['appeal']>;
function situation(change: Change = {}, more: Partial<Omit<AppealSituation, 'appeal'>> = {}): AppealSituation {
  const appeal = {
    id: 'a',
    appellantId: 'appellant',
    holderId: null,
    holderMayReview: true,
    claimedAt: null,
    escalatedAt: null,
    state: 'submitted',
    version: 3,
    ...change,
  } as AppealSituation['appeal'];
  return {
    appeal,
    together: more.together ?? [appeal],
    involvedIds: ['decider', 'submitter'],
    actor: { ids: ['reviewer'], mayReview: true },
    version: null,
    ...more,
  };
}
const held: Change = { state: 'in_review', holderId: 'reviewer', claimedAt: early };
const heldByOther: Change = { ...held, holderId: 'other' };
const asked: Change = { ...held, state: 'waiting_for_answer' };
const as = (...ids: string[]) => ({ actor: { ids, mayReview: true } });
const reviewing: readonly AppealStep[] = appealSteps.filter((step) => step !== 'answer' && step !== 'withdraw');

describe('a step of an appeal', () => {
  it.each<[AppealStep, string, AppealSituation, string | null]>([
    ['claim', 'that nobody has', situation(), null],
    ['claim', 'of their own', situation(held), null],
    ['claim', 'that another has', situation(heldByOther), 'case_held_by_another'],
    [
      'claim',
      'on whose decision another has one',
      situation({}, { together: [{ ...situation(heldByOther).appeal, id: 'b' }] }),
      'case_held_by_another',
    ],
    ['claim', 'whose holder may not review any more', situation({ ...heldByOther, holderMayReview: false }), null],
    ['claim', 'whose holder let the deadline pass', situation({ ...heldByOther, escalatedAt: late }), null],
    [
      'claim',
      'that was taken over since the deadline',
      situation({ ...heldByOther, claimedAt: late, escalatedAt: early }),
      'case_held_by_another',
    ],
    ['release', 'of their own', situation(held), null],
    ['release', 'that nobody has', situation(), 'not_claimed'],
    ['release', 'of another', situation(heldByOther), 'case_held_by_another'],
    ['decide', 'that they hold', situation(held), null],
    ['decide', 'that waits for an answer', situation(asked), null],
    ['decide', 'without having claimed it', situation(), 'not_claimed'],
    ['decide', 'that another holds', situation(heldByOther), 'case_held_by_another'],
    ['decide', 'held by whom was merged into them', situation(heldByOther, as('reviewer', 'other')), null],
    ['requestInformation', 'that they hold', situation(held), null],
    ['requestInformation', 'where an answer is awaited', situation(asked), 'answer_awaited'],
    ['answer', 'to what was asked', situation(asked, as('appellant')), null],
    ['answer', 'to nothing', situation(held, as('appellant')), 'nothing_asked'],
    ['answer', 'for somebody else', situation(asked, as('another')), 'not_found'],
    ['withdraw', 'of their own', situation(held, as('appellant')), null],
    ['withdraw', 'of whom was merged into them', situation(held, as('survivor', 'appellant')), null],
    ['withdraw', 'of somebody else', situation(held), 'not_found'],
    ['withdraw', 'of somebody who has left', situation({ appellantId: null }), 'not_found'],
    ['claim', 'in another version', situation({}, { version: 2 }), 'version_conflict'],
    ['claim', 'in that version', situation({}, { version: 3 }), null],
  ])('%s %s', (step, _what, given, expected) => {
    expect(stepDenial(step, given)).toBe(expected);
  });

  it.each(reviewing)('%s needs the role, and no part in the matter', (step) => {
    const outsider = situation(held, { actor: { ids: ['reviewer'], mayReview: false } });
    expect(stepDenial(step, outsider)).toBe('role_missing');
    for (const id of ['decider', 'submitter', 'appellant'])
      expect(stepDenial(step, situation(held, as('reviewer', id)))).toBe('own_case');
    const together = [{ ...situation().appeal, id: 'b', appellantId: 'reviewer' }];
    expect(stepDenial(step, situation(held, { together }))).toBe('own_case');
  });

  it.each(appealSteps)('%s is too late once it is closed', (step) => {
    for (const state of [...Object.values(closedStates), 'withdrawn'] as const)
      expect(stepDenial(step, situation({ ...held, state }, as('reviewer')))).toBe(
        reviewing.includes(step) ? 'already_decided' : 'not_found',
      );
    expect(stepDenial('withdraw', situation({ state: 'decision_stands' }, as('appellant')))).toBe('already_decided');
  });
});

test('an open appeal waits for its answer first, then for its holder', () => {
  expect([openState(false, false), openState(true, false), openState(false, true), openState(true, true)]).toEqual([
    'submitted',
    'in_review',
    'waiting_for_answer',
    'waiting_for_answer',
  ]);
});

describe('an appeal', () => {
  const decision = {
    measure: 'reject',
    subjectType: 'list',
    deciderId: 'decider',
    decidedAt: early,
    reversed: false,
    toldAt: early,
  } as const;
  const after = (days: number) => new Date(early.getTime() + days * 86_400_000);
  it.each([
    ['by whom it concerns', decision, ['me'], 183, null],
    ['a moment too late', decision, ['me'], 183.001, 'appeal_window_closed'],
    ['by whom it does not concern', { ...decision, toldAt: null }, ['me'], 1, 'not_found'],
    ['by anybody about an offense', { ...decision, subjectType: 'offense', toldAt: null }, ['me'], 1, null],
    ['by the decider', { ...decision, subjectType: 'offense', toldAt: null }, ['decider'], 1, 'own_case'],
    ['by whom the decider was merged into', decision, ['me', 'decider'], 1, 'own_case'],
    ['of what was taken back', { ...decision, reversed: true }, ['me'], 1, 'decision_not_appealable'],
    ['of a request for changes', { ...decision, measure: 'request_changes' }, ['me'], 1, 'decision_not_appealable'],
  ] as const)('%s', (_what, about, personIds, days, expected) => {
    expect(appealDenial(about, { personIds, now: after(days), windowDays: 183 })).toBe(expected);
  });
});

test('what a decision can become differs from what it says, and from its opposite', () => {
  for (const measure of measures) {
    expect(modifications[measure]).not.toContain(reversalOf(measure));
    if (measure !== 'restrict' && measure !== 'suspend') expect(modifications[measure]).not.toContain(measure);
  }
});

test('a later decision supersedes what it speaks about, and no more', () => {
  expect(supersedes('reject', 'approve')).toBe(true);
  expect(supersedes('approve', 'restrict')).toBe(true);
  expect(supersedes('restrict', 'approve')).toBe(false);
  expect(supersedes('restrict', 'restrict')).toBe(true);
  expect(supersedes('request_changes', 'approve')).toBe(false);
});
