import { repairFor } from '../../../domain/repairs';

test.each([
  ['failed', 'outcome_unknown', 'retry'],
  ['failed', 'not_enforced', 'retry'],
  ['failed', null, 'retry'],
  ['failed', 'some_code_of_tomorrow', 'retry'],
  ['failed', 'forbidden', 'reconnect'],
  ['failed', 'invalid', 'by_hand'],
  ['failed', 'playlist_gone', 'nothing'],
  ['skipped', 'unsupported', 'by_hand'],
  ['skipped', 'already_absent', null],
  ['skipped', 'cancelled', null],
  ['applied', 'removed', null],
  ['pending', null, null],
])('an action that is %s (%s) is helped by: %s', (status, outcomeCode, repair) => {
  expect(repairFor({ status, outcomeCode })).toBe(repair);
});
