import { flatFigures } from '../../../domain/flat-figures';

test('a body becomes a line for each value, under its place', () => {
  expect(flatFigures({ a: 1, b: { c: [{ d: 'x' }, { d: null }], e: [], f: {} }, g: false })).toEqual([
    { figure: 'a', value: 1 },
    { figure: 'b.c.0.d', value: 'x' },
    { figure: 'b.c.1.d', value: null },
    { figure: 'g', value: false },
  ]);
});
