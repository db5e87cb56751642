import { nameDimensions, nameVector } from '../../../../domain/linkage/name-vector';
import { checkVector, cosine, type VectorFault } from '../../../../domain/linkage/vectors';
import { nameKey } from '../../../../domain/name-keys';

const vector = (name: string) => nameVector(nameKey(name));

test('names that differ by a letter are near, other names are not, in any script', () => {
  for (const [name, slip, other] of [
    ['Λαυρέντης Μαχαιρίτσας', 'Λαυρέντης Μαχαιρίίτσας', 'Μαρίζα Κωχ'],
    ['Kathy Troccoli', 'Cathy Trocoli', 'Ozzy Osbourne'],
  ] as const) {
    expect(cosine(vector(name), vector(slip))).toBeGreaterThan(0.6);
    expect(Math.abs(cosine(vector(name), vector(other)))).toBeLessThan(0.3);
  }
});

test('a vector has length 1, is the same each time, and there is none of nothing', () => {
  const once = vector('Sinkhole');
  expect(once).toHaveLength(nameDimensions);
  expect(cosine(once, vector('Sinkhole'))).toBeCloseTo(1, 5);
  expect(nameVector(' ')).toBeNull();
});

test.each<[VectorFault, number[]]>([
  ['vector_empty', []],
  ['vector_empty', [0, 0, 0]],
  ['vector_wrong_dimensions', [1, 2]],
  ['vector_not_finite', [1, Number.NaN, 0]],
  ['vector_not_finite', [1, Number.POSITIVE_INFINITY, 0]],
])('%s: %j', (code, numbers) => {
  expect(() => checkVector(numbers, 3)).toThrow(expect.objectContaining({ name: 'VectorError', code }));
});

test('a vector of numbers passes', () => {
  expect(() => checkVector([0, 0.5, -1], 3)).not.toThrow();
});
