import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sandboxAdmin } from '../dev/connected-account/sandbox-admin';
import { freePort } from '../dev/engines/free-port';
import { bundleWorkflows } from '../workers/bundle';
import type { Cleanup } from './cleanup';
import { startEngines } from './engines';
import { startApiProcess, startSandboxProcess, startWorkerProcess } from './processes';
import { atLeast, atMost, type Figure, median, reported } from './report';
import { callsMade, conductCalls, signInProviders, type SignInProvider } from './sign-in/faults';
import { walkSignIn, type Walk } from './sign-in/flow';

/** How long a provider takes for each call, in milliseconds. */
const latencyMs = 20;
/** Of a provider's calls, those that go wrong for a moment. */
const share = 0.1;
/** People who sign in at the same time while calls go wrong. */
const atOnce = 6;
/** Flows of each provider that nothing disturbs, one after another, by which the callback is timed. */
const undisturbed = 60;

/** Two for each provider: the same address at two providers would be two people with one address, which is refused. */
const people: Record<SignInProvider, readonly string[]> = {
  google: ['listener', 'second-listener'],
  apple: ['apple-listener', 'moderator'],
  github: ['reviewer', 'admin'],
};

/**
 * `npm run bench -- sign-in [FLOWS]`: as many sign-ins with each provider as said (300), while one in ten of our calls to the
 * provider goes wrong for a moment: 503, hung up before and after processing, two seconds late. API and worker are processes
 * of their own, and each sign-in is walked as a browser does.
 */
export async function benchSignIn(args: readonly string[], cleanup: Cleanup): Promise<Figure[]> {
  const flows = Number(args[0] ?? 300);
  if (!Number.isInteger(flows) || flows < 1) throw new Error('FLOWS must be a whole number from 1.');
  const { folder, databaseUrl, temporalAddress } = await startEngines(cleanup);
  const sandboxUrl = await startSandboxProcess(cleanup, { port: await freePort() });
  const bundlePath = join(folder, 'workflow-bundle.js');
  writeFileSync(bundlePath, (await bundleWorkflows()).code);
  const environment = {
    NODE_ENV: 'development',
    LOG_LEVEL: 'error',
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporalAddress,
    SANDBOX_URL: sandboxUrl,
    API_PORT: String(await freePort()),
    METRICS_PORT: String(await freePort()),
    RATE_LIMIT_REQUESTS: '1000000',
    RATE_LIMIT_SIGN_IN: '1000000',
    VAULT_KEYS: `bench:${Buffer.alloc(32, 7).toString('base64url')}`,
  };
  await startWorkerProcess(cleanup, { environment, bundlePath });
  const apiUrl = await startApiProcess(cleanup, environment);
  const admin = sandboxAdmin(sandboxUrl);
  const walk = (provider: SignInProvider, n: number) =>
    walkSignIn(apiUrl, provider, people[provider][n % people[provider].length] ?? '');

  say('timing callbacks that nothing disturbs …');
  await conductCalls(admin, { latencyMs, share: 0 });
  const timed = Object.fromEntries(signInProviders.map((provider) => [provider, [] as number[]]));
  const bareMs: number[] = [];
  for (let n = 0; n < undisturbed + warmUp; n += 1) {
    for (const provider of signInProviders) {
      const { outcome, callbackMs } = await walk(provider, n);
      if (outcome !== 'ok') throw new Error(`An undisturbed sign-in with ${provider} ended with ${outcome}.`);
      if (n >= warmUp) timed[provider]?.push(...callbackMs);
      // Beside each flow, so that a busy machine can be told from a slow callback.
      bareMs.push(await bareCallMs(sandboxUrl));
    }
  }

  await conductCalls(admin, { latencyMs, share });
  const figures = [reported('one call to a provider, bare, beside the timed flows: p50', median(bareMs), 'ms')];
  for (const provider of signInProviders) {
    say(`${flows} sign-ins with ${provider} …`);
    await admin.forgetCalls();
    const walks = await manyAtOnce(flows, (n) => walk(provider, n));
    const { all, failed } = await callsMade(admin, provider);
    const completed = walks.filter(({ outcome }) => outcome === 'ok').length;
    const others = Object.entries(countBy(walks)).filter(([outcome]) => outcome !== 'ok');
    if (others.length > 0) say(`  not completed: ${others.map(([code, count]) => `${count} ${code}`).join(', ')}`);
    figures.push(
      reported(`${provider}: flows started`, walks.length, 'flows'),
      atLeast(0.99, `${provider}: completed ÷ started`, completed / walks.length, ''),
      reported(
        `${provider}: flows that restarted by themselves`,
        walks.filter(({ restarts }) => restarts > 0).length,
        'flows',
      ),
      reported(`${provider}: calls answered 5xx or not at all`, failed / all, ''),
      reported(
        `${provider}: callback p50 while calls fail`,
        median(walks.flatMap(({ callbackMs }) => callbackMs)),
        'ms',
      ),
      atMost(250, `${provider}: callback p50 undisturbed`, median(timed[provider] ?? []), 'ms'),
    );
  }
  return figures;
}

async function bareCallMs(sandboxUrl: string): Promise<number> {
  const startedAt = performance.now();
  await (await fetch(`${sandboxUrl}/google/oauth2/v3/certs`)).arrayBuffer();
  return performance.now() - startedAt;
}

/** First flows of a process, which load and compile what the later ones use. */
const warmUp = 5;

async function manyAtOnce(count: number, work: (n: number) => Promise<Walk>): Promise<Walk[]> {
  const walks: Walk[] = [];
  let next = 0;
  const lane = async () => {
    for (let n = next++; n < count; n = next++) walks.push(await work(n));
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return walks;
}

function countBy(walks: readonly Walk[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome } of walks) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

const say = (line: string) => console.error(line);
