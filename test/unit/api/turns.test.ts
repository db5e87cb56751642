import { Turns } from '../../../api/routes/appeals/turns';

const soon = () => new Promise((resolve) => setImmediate(resolve));

test('so many at once have a turn, and who waits has the next one, in order', async () => {
  const turns = new Turns(2);
  const [one, two] = [await turns.take('a', 1_000), await turns.take('a', 1_000)];
  expect([one?.waited, two?.waited]).toEqual([false, false]);
  const had: string[] = [];
  const third = turns.take('a', 1_000).then((turn) => (had.push('third'), turn));
  const fourth = turns.take('a', 1_000).then((turn) => (had.push('fourth'), turn));
  expect((await turns.take('b', 1_000))?.waited).toBe(false);
  await soon();
  expect(had).toEqual([]);
  one?.end();
  await soon();
  expect(had).toEqual(['third']);
  (await third)?.end();
  expect((await fourth)?.waited).toBe(true);
});

test('who waits too long has none, and takes none from the others', async () => {
  const turns = new Turns(1);
  const held = await turns.take('a', 1_000);
  expect(await turns.take('a', 1)).toBeNull();
  held?.end();
  expect((await turns.take('a', 1))?.waited).toBe(false);
});
