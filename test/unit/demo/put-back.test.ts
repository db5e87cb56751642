import { PutBack } from '../../../dev/demo/put-back';

test('everything is undone, last first, though one of the steps fails', async () => {
  const undone: string[] = [];
  const putBack = new PutBack();
  const step = (name: string) => putBack.add(name, () => Promise.resolve(undone.push(name)));
  step('blocks');
  putBack.add('bring the library back', () => Promise.reject(new Error('the API is away')));
  const notNeeded = step('not needed');
  step('faults');
  notNeeded();
  expect(await putBack.all()).toEqual(['Could not bring the library back: the API is away']);
  expect(undone).toEqual(['faults', 'blocks']);
  expect(await putBack.all()).toEqual([]);
});
