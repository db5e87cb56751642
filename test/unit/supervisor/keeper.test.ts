import { EngineProblem } from '../../../dev/engines/engine';
import { Keeper, type Kept } from '../../../dev/supervisor/keeper';

function child(): Kept & { end(how: string): void; stopped: boolean } {
  let end: (how: string) => void = () => undefined;
  const ended = new Promise<string>((resolve) => (end = resolve));
  const made = {
    pid: null,
    ended,
    end,
    stopped: false,
    stop: () => {
      made.stopped = true;
      end('ended by SIGTERM');
      return Promise.resolve();
    },
  };
  return made;
}

/** Lets everything that waits on promises go on, and the clock run. */
async function pass(seconds: number): Promise<void> {
  await jest.advanceTimersByTimeAsync(seconds * 1_000);
}

describe('a keeper', () => {
  let said: string[];
  const say = (line: string) => void said.push(line);

  beforeEach(() => {
    said = [];
    jest.useFakeTimers();
  });
  afterEach(() => jest.useRealTimers());

  it('starts a process again that ended by itself, with growing pauses', async () => {
    const children: ReturnType<typeof child>[] = [];
    const start = () => Promise.resolve(children[children.push(child()) - 1] as Kept);
    const keeper = new Keeper({ name: 'API', say, start });
    await keeper.begin();
    children[0]?.end('ended with code 1');
    await pass(0.9);
    expect(children).toHaveLength(1);
    await pass(0.2);
    expect(children).toHaveLength(2);
    children[1]?.end('ended by SIGKILL');
    await pass(1.9);
    expect(children).toHaveLength(2);
    await pass(0.2);
    expect(children).toHaveLength(3);
    expect(keeper.crashes).toBe(2);
    expect(said).toEqual([
      'API ended with code 1; it starts again in 1 s.',
      'API ended by SIGKILL; it starts again in 2 s.',
    ]);
  });

  it('forgets the growing pauses once the process was healthy for a minute', async () => {
    const children: ReturnType<typeof child>[] = [];
    const keeper = new Keeper({
      name: 'API',
      say,
      start: () => Promise.resolve(children[children.push(child()) - 1] as Kept),
    });
    await keeper.begin();
    children[0]?.end('ended with code 1');
    await pass(2);
    await pass(61);
    children[1]?.end('ended with code 1');
    await pass(0);
    expect(said.at(-1)).toBe('API ended with code 1; it starts again in 1 s.');
  });

  it('does not start again what it was told to stop', async () => {
    const only = child();
    const keeper = new Keeper({ name: 'Worker', say, start: () => Promise.resolve(only) });
    await keeper.begin();
    await keeper.stop();
    await pass(100);
    expect(only.stopped).toBe(true);
    expect(said).toEqual([]);
  });

  it('stops a process that was still starting when it was told to stop', async () => {
    const late = child();
    let begin: () => void = () => undefined;
    const start = () => new Promise<Kept>((resolve) => (begin = () => resolve(late)));
    const keeper = new Keeper({ name: 'Neo4j', say, start });
    keeper.beginWhenPossible();
    const stopping = keeper.stop();
    begin();
    await stopping;
    expect(late.stopped).toBe(true);
  });

  it('stops at once while it waits for the next try', async () => {
    const start = () => Promise.reject(new EngineProblem('Neo4j is slow today.'));
    const keeper = new Keeper({ name: 'Neo4j', say, start, pauses: { first: 300, longest: 300 } });
    keeper.beginWhenPossible();
    await pass(1);
    expect(said).toEqual(['Neo4j is away. Neo4j is slow today. Next try in 300 s.']);
    await keeper.stop();
  });

  it('gives up where only a person can help, and says so once', async () => {
    const start = jest.fn(() => Promise.reject(new EngineProblem('Neo4j needs a JDK.')));
    const keeper = new Keeper({ name: 'Neo4j', say, start, worthRetrying: () => false });
    keeper.beginWhenPossible();
    await pass(1_000);
    expect(start).toHaveBeenCalledTimes(1);
    expect(said).toEqual(['Neo4j is left out. Neo4j needs a JDK.']);
  });
});
