import { isInEffect, stateAfter, stateUnasked } from '../../../domain/recording-matches';

test.each([
  ['approve', 'review', 'accepted'],
  ['reject', 'accept', 'rejected'],
  ['undo', 'accept', 'accepted'],
  ['undo', 'review', 'pending'],
] as const)('%s of what the machine would %s leads to %s', (decision, band, state) => {
  expect(stateAfter(decision, band)).toBe(state);
});

test('what is sure is accepted unasked, and what shares an ISRC or an address counts until somebody says no', () => {
  expect([stateUnasked('accept'), stateUnasked('review')]).toEqual(['accepted', 'pending']);
  expect(isInEffect('accepted', 'linkage')).toBe(true);
  expect(isInEffect('pending', 'linkage')).toBe(false);
  expect([isInEffect('pending', 'isrc'), isInEffect('pending', 'address')]).toEqual([true, true]);
  expect(isInEffect('rejected', 'isrc')).toBe(false);
});
