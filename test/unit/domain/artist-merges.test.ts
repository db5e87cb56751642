import {
  chooseKept,
  judgeMerge,
  type MergeCandidate,
  mergeDecisions,
  mergeStates,
} from '../../../domain/artist-merges';

const candidate = (id: string, ids: number, credits: number, year: number): MergeCandidate => ({
  id,
  ids,
  credits,
  createdAt: new Date(Date.UTC(year, 0, 1)),
});

describe('which of two artists is kept', () => {
  it.each([
    ['who has more ids', candidate('b', 2, 0, 2026), candidate('a', 1, 9, 2020)],
    ['among those who have as many, who has more credits', candidate('b', 1, 9, 2026), candidate('a', 1, 8, 2020)],
    ['then who was there first', candidate('b', 1, 9, 2020), candidate('a', 1, 9, 2026)],
    ['then the lesser id', candidate('a', 1, 9, 2020), candidate('b', 1, 9, 2020)],
  ])('%s, whichever is named first', (_, kept, merged) => {
    expect(chooseKept(kept, merged)).toEqual({ kept, merged });
    expect(chooseKept(merged, kept)).toEqual({ kept, merged });
  });
});

test('what a person may do about a pair depends on its state, and doing the same again is no fault', () => {
  const judged = Object.fromEntries(
    (Object.keys(mergeDecisions) as (keyof typeof mergeDecisions)[]).map((decision) => [
      decision,
      mergeStates.map((state) => judgeMerge(decision, state)),
    ]),
  );
  // pending, applied, rejected, undone
  expect(judged).toEqual({
    approve: ['carry_out', 'done_already', 'carry_out', 'carry_out'],
    reject: ['carry_out', 'not_possible', 'done_already', 'not_possible'],
    undo: ['not_possible', 'carry_out', 'not_possible', 'done_already'],
  });
});
