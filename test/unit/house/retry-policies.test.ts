import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ActivityOptions, LocalActivityOptions } from '@temporalio/workflow';
import type * as Shared from '../../../workflows/activities';
import { msToNumber } from '@temporalio/common/lib/time';

type Options = ActivityOptions & LocalActivityOptions;

/** What the workflows' modules asked for while they were loaded: each proxy's options, and the activities that were taken from it. */
const mockProxies: { options: Options; local: boolean; names: Set<string>; proxy: object }[] = [];

jest.mock('@temporalio/workflow', () => {
  const record = (local: boolean) => (options: Options) => {
    const names = new Set<string>();
    const proxy = new Proxy({}, { get: (_, name) => (names.add(String(name)), () => undefined) });
    mockProxies.push({ options, local, names, proxy });
    return proxy;
  };
  return {
    ...jest.requireActual('@temporalio/workflow'),
    proxyActivities: record(false),
    proxyLocalActivities: record(true),
  };
});

const root = join(__dirname, '..', '..', '..');
const files = readdirSync(join(root, 'workflows')).filter((file) => file.endsWith('.ts'));
const sourceOf = new Map(files.map((file) => [file, readFileSync(join(root, 'workflows', file), 'utf8')]));

/** Proxies that several workflows share, and how one is called in them. */
const shared = { data: /\bdata\s*\.(\w+)\(/g, spotify: /\b(?:slicesAt\([^)]*\)|slices)\s*\.(\w+)\(/g };

function namesOfShared(calls: RegExp): Set<string> {
  return new Set([...sourceOf.values()].flatMap((source) => [...source.matchAll(calls)].map(([, name]) => name!)));
}

const span = (duration: Options['startToCloseTimeout']): string => {
  if (duration === undefined) return '–';
  const seconds = msToNumber(duration) / 1_000;
  return seconds < 60 ? `${seconds} s` : `${seconds / 60} min`;
};

/** How long tries go on, by their pauses alone. */
function patienceOf({
  initialInterval = '1s',
  maximumInterval = '100s',
  maximumAttempts,
}: NonNullable<Options['retry']>) {
  if (maximumAttempts === undefined) return 'never';
  const [first, most] = [msToNumber(initialInterval), msToNumber(maximumInterval)];
  let total = 0;
  for (let nth = 0; nth < maximumAttempts - 1; nth += 1) total += Math.min(first * 2 ** nth, most);
  const minutes = total / 60_000;
  return minutes < 1
    ? `${Math.round(total / 1_000)} s`
    : minutes < 120
      ? `${Math.round(minutes)} min`
      : `${Math.round(minutes / 60)} h`;
}

function rowOf(name: string, { options, local }: { options: Options; local: boolean }): string {
  const { taskQueue, startToCloseTimeout, heartbeatTimeout, retry = {} } = options;
  const users = files.filter((file) => new RegExp(`\\b${name}\\b`).test(sourceOf.get(file)!));
  const cells = [
    `\`${name}\``,
    users.map((file) => basename(file, '.ts')).join(', '),
    local ? 'in the workflow’s own worker' : taskQueue === 'spotify' ? 'spotify, apple-music' : String(taskQueue),
    span(startToCloseTimeout),
    span(heartbeatTimeout),
    `${span(retry.initialInterval)} × ${retry.backoffCoefficient ?? 2}, at most ${span(retry.maximumInterval)}`,
    String(retry.maximumAttempts ?? 'no limit'),
    patienceOf(retry),
  ];
  return `| ${cells.join(' | ')} |`;
}

test('docs/retry-policies.md has each activity with the policy that its workflow asks for', async () => {
  for (const file of files) await import(join(root, 'workflows', file));
  const { data, spotify } = (await import(join(root, 'workflows', 'activities'))) as typeof Shared;
  for (const known of mockProxies) {
    if (known.proxy === data) known.names = namesOfShared(shared.data);
    if (known.proxy === spotify) known.names = namesOfShared(shared.spotify);
    if (known.options.taskQueue === 'apple-music') {
      // One policy for both providers' queues, which the table says in one row.
      const { taskQueue: _, ...options } = known.options;
      expect(mockProxies.find(({ proxy }) => proxy === spotify)?.options).toEqual({ ...options, taskQueue: 'spotify' });
    }
  }
  const rows = mockProxies.flatMap((known) => [...known.names].map((name) => rowOf(name, known))).sort();
  const documented = readFileSync(join(root, 'docs', 'retry-policies.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.replace(/ +/g, ' '));
  expect(documented).toEqual(rows);
  expect(rows.length).toBeGreaterThan(50);
});
