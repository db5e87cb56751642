import { receiptOf, type PartObservation } from '../../../domain/receipt';

const part = (expectedLength: number, observedLength: number, removed = 0, restored = 0): PartObservation => ({
  expectedLength,
  observedLength,
  removed,
  restored,
});

describe('the receipt of a run', () => {
  test.each([
    ['nothing touched', [], [0, 0, 0, 0]],
    ['a run that did what it said', [part(97, 97, 3), part(5, 5, 1)], [102, 4, 0, 0]],
    ['a rollback that did', [part(100, 100, 0, 3)], [97, 0, 3, 0]],
    ['something missing', [part(97, 95, 3)], [95, 3, 0, 2]],
    ['a surplus copy', [part(100, 101, 0, 3)], [97, 0, 3, 1]],
    ['one part too long and one too short', [part(10, 11), part(10, 9)], [19, 0, 0, 2]],
    ['a restored part that vanished', [part(3, 0, 0, 3)], [0, 0, 3, 3]],
  ])('%s', (_story, parts, [untouched, removed, restored, unexplained]) => {
    expect(receiptOf(parts)).toEqual({ untouched, removed, restored, unexplained });
  });
});
