import { jsonArray, jsonArrayOf, jsonObject, type JsonText } from '../../../domain/json-text';

async function read(text: JsonText): Promise<unknown> {
  let all = '';
  for await (const piece of text) all += piece;
  return JSON.parse(all);
}

test('batches become one array, whatever their sizes', async () => {
  expect(await read(jsonArray([]))).toEqual([]);
  expect(await read(jsonArray([[], [1], [], ['b', null]]))).toEqual([1, 'b', null]);
});

test('an object has its fields and then its long parts, and may have none of either', async () => {
  const long = () => jsonArray([[{ a: '"}]' }]]);
  expect(await read(jsonObject({ x: 1 }, { long }))).toEqual({ x: 1, long: [{ a: '"}]' }] });
  expect(await read(jsonObject({}, { long, empty: () => jsonArray([]) }))).toEqual({ long: [{ a: '"}]' }], empty: [] });
  expect(await read(jsonObject({ x: undefined }, {}))).toEqual({});
});

test('arrays of objects with long parts nest, and a part is begun only when it is its turn', async () => {
  const begun: number[] = [];
  async function* items(): AsyncGenerator<JsonText> {
    for (const n of [1, 2]) {
      await Promise.resolve();
      yield jsonObject({ n }, { of: () => (begun.push(n), jsonArray([[n]])) });
    }
  }
  const text = jsonArrayOf(items());
  await text.next();
  expect(begun).toEqual([]);
  expect(await read(jsonArrayOf(items()))).toEqual([
    { n: 1, of: [1] },
    { n: 2, of: [2] },
  ]);
});
