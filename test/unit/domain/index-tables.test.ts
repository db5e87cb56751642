import { indexState, type TableStanding } from '../../../domain/index-tables';

const fine: TableStanding = { condition: 'sound', complete: true, pending: 0, difference: 0, failing: false };

test.each<[string, Partial<TableStanding>[]]>([
  ['in_step', [{}, {}]],
  ['drifted', [{}, { difference: -1 }]],
  ['behind', [{ difference: 1 }, { pending: 2 }]],
  ['empty', [{ pending: 2 }, { condition: 'missing', complete: false }]],
  [
    'failing',
    [
      { condition: 'missing', complete: false },
      { failing: true, complete: false, difference: -9 },
    ],
  ],
  ['damaged', [{ failing: true }, { condition: 'other_shape' }]],
])('the index is as the worst of its tables: %s', (state, tables) => {
  expect(indexState(tables.map((one) => ({ ...fine, ...one })))).toBe(state);
});
