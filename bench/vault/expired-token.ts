import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { MikroORM } from '../../adapters/postgres/orm';
import type { Vault } from '../../adapters/vault/vault';
import type { sandboxAdmin } from '../../dev/connected-account/sandbox-admin';
import { projectRoot } from '../../dev/engines/project-root';
import type { Cleanup } from '../cleanup';
import { atMost, type Figure, median, reported } from '../report';
import type { CallersAnswer, CallersOrder } from './caller-process';
import { makeConnections, realTokens } from './connections';

const processes = 3;
const callers = 100;
/** Times, each with a token of its own. */
const rounds = 5;

/** A hundred callers in three processes want one token that has expired. */
export async function benchExpiredToken(
  cleanup: Cleanup,
  deps: {
    orm: MikroORM;
    vault: Vault;
    admin: ReturnType<typeof sandboxAdmin>;
    sandboxUrl: string;
    environment: Record<string, string>;
  },
): Promise<Figure[]> {
  const children = await Promise.all(Array.from({ length: processes }, () => startCallers(cleanup, deps.environment)));
  const tokens = await realTokens(deps.sandboxUrl, rounds + 1);
  const connections = await makeConnections(deps.orm, deps.vault, tokens.length, {
    secondsLeft: -60,
    dueWithin: 864_000,
    tokens,
  });
  const calls: number[] = [];
  const slowest: number[] = [];
  const waited: number[] = [];
  let failed = 0;
  for (const [round, connectionId] of connections.entries()) {
    await deps.admin.forgetCalls();
    const answers = await Promise.all(children.map((child, n) => ask(child, { connectionId, callers: share(n) })));
    // The first round warms the processes up.
    if (round === 0) continue;
    const all = answers.flatMap(({ waitedMs }) => waitedMs);
    waited.push(...all);
    slowest.push(Math.max(...all));
    failed += answers.reduce((sum, answer) => sum + answer.failed.length, 0);
    calls.push(await refreshCalls(deps.admin));
  }
  return [
    atMost(
      1,
      `${callers} callers in ${processes} processes, one expired token: calls to the provider, most of ${rounds} rounds`,
      Math.max(...calls),
      'calls',
    ),
    reported('calls to the provider, fewest', Math.min(...calls), 'calls'),
    atMost(0, 'callers that were not served', failed, 'callers'),
    atMost(2_000, 'until all are served, slowest round', Math.max(...slowest), 'ms'),
    reported('a caller waits, p50', median(waited), 'ms'),
  ];
}

const share = (n: number) => Math.floor(callers / processes) + (n < callers % processes ? 1 : 0);

async function refreshCalls(admin: ReturnType<typeof sandboxAdmin>): Promise<number> {
  return (await admin.calls())
    .filter(({ route }) => route.endsWith('/api/token'))
    .reduce((sum, { count }) => sum + count, 0);
}

async function startCallers(cleanup: Cleanup, environment: Record<string, string>): Promise<ChildProcess> {
  const child = fork(join(projectRoot, 'bench', 'vault', 'caller-process.ts'), [], {
    cwd: projectRoot,
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 2, 2, 'ipc'],
    env: { PATH: process.env.PATH, ...environment },
  });
  cleanup.add(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  });
  await Promise.race([once(child, 'message'), failure(child)]);
  return child;
}

async function ask(child: ChildProcess, order: CallersOrder): Promise<CallersAnswer> {
  child.send(order);
  const [answer] = (await Promise.race([once(child, 'message'), failure(child)])) as [CallersAnswer];
  return answer;
}

async function failure(child: ChildProcess): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number | null];
  throw new Error(`A process of callers ended with code ${code}.`);
}
