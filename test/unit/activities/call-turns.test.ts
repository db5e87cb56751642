import { createTurns } from '../../../activities/call-turns';

/** Work that ends when it is told to, and notes when it begins. */
function work(begun: string[], name: string) {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const run = async () => {
    begun.push(name);
    await ended;
    return name;
  };
  return { run, end };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('no more than so many run at a time, and those that wait come in their order', async () => {
  const begun: string[] = [];
  const inTurn = createTurns(2);
  const [a, b, c, d] = [work(begun, 'a'), work(begun, 'b'), work(begun, 'c'), work(begun, 'd')] as const;
  const results = [a, b, c, d].map(({ run }) => inTurn(run));
  await settled();
  expect(begun).toEqual(['a', 'b']);
  b.end();
  await settled();
  expect(begun).toEqual(['a', 'b', 'c']);
  for (const piece of [a, c, d]) piece.end();
  expect(await Promise.all(results)).toEqual(['a', 'b', 'c', 'd']);
});

test('work that fails gives its turn on and its failure back', async () => {
  const inTurn = createTurns(1);
  const failing = inTurn(() => Promise.reject(new Error('lost')));
  const next = inTurn(() => Promise.resolve('done'));
  await expect(failing).rejects.toThrow('lost');
  await expect(next).resolves.toBe('done');
});
