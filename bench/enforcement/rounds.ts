import { join } from 'node:path';
import { loadConfig } from '../../adapters/environment/config';
import { openOrm } from '../../adapters/postgres/orm';
import { spotifyScopes } from '../../adapters/providers/spotify/oauth';
import { openTemporal } from '../../adapters/temporal/client';
import { createDispatcher } from '../../adapters/temporal/dispatch';
import { connectPerson } from '../../dev/connected-account/person';
import { sandboxAdmin } from '../../dev/connected-account/sandbox-admin';
import { spotifyTokens } from '../../dev/connected-account/spotify-consent';
import { freePort } from '../../dev/engines/free-port';
import { callsAtOnce } from '../../domain/concurrency';
import type { Cleanup } from '../cleanup';
import type { BenchEngines } from '../engines';
import { startSandboxProcess, startWorkerProcess } from '../processes';
import { atMost, type Figure, median, reported } from '../report';
import { madeUpLibrary, type Scene } from './made-up-library';
import { countingCalls } from './provider-calls';
import { playRound, type Round } from './round';
import { storedBytes } from './stored-bytes';

/** How long the sandbox takes for each call, in milliseconds. */
const latencyMs = 50;
/** More than these Spotify doesn't list at a call. */
const playlistsAPage = 50;
const megabyte = 1_000_000;

/** Sync, sync again, then plan, run and rollback as often as said: each part's calls, seconds and bytes. */
export async function benchRounds(
  { folder, databaseUrl, temporalAddress, bundlePath }: BenchEngines & { bundlePath: string },
  cleanup: Cleanup,
  { scene, rounds }: { scene: Scene; rounds: number },
): Promise<Figure[]> {
  const catalogPath = join(folder, 'catalog.csv');
  const { library, blockedArtistIds } = madeUpLibrary(catalogPath, scene);
  const sandboxUrl = await startSandboxProcess(cleanup, { port: await freePort(), catalogPath, latencyMs });
  const environment = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'warn',
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporalAddress,
    SANDBOX_URL: sandboxUrl,
    SPOTIFY_CALLS_PER_SECOND: '1000',
    VAULT_KEYS: `bench:${Buffer.alloc(32, 7).toString('base64url')}`,
  };
  const worker = await startWorkerProcess(cleanup, { environment, bundlePath });

  const config = loadConfig(environment);
  const orm = await openOrm(databaseUrl);
  cleanup.add(() => orm.close(true));
  const client = await openTemporal({ address: temporalAddress, namespace: config.TEMPORAL_NAMESPACE });
  cleanup.add(() => client.connection.close());
  const admin = sandboxAdmin(sandboxUrl);
  await admin.setLibrary('listener', library);
  const dispatcher = createDispatcher({ orm, client, onLeft: () => undefined });
  const person = await connectPerson({ orm, config, dispatcher }, 'listener');
  const { accessToken } = await spotifyTokens(sandboxUrl, 'listener', spotifyScopes);
  const empty = await storedBytes(orm.em.fork());

  say('syncing …');
  const first = await countingCalls(admin, () => person.sync());
  const synced = await storedBytes(orm.em.fork());
  const second = await countingCalls(admin, () => person.sync());
  for (const artistId of blockedArtistIds)
    if (!(await person.block(artistId))) throw new Error('A blocked artist is unknown.');

  const played: Round[] = [];
  let kept = synced;
  for (let round = 1; round <= rounds; round += 1) {
    say(`round ${round} of ${rounds}: plan, run, rollback …`);
    played.push(await playRound({ orm, client, admin, sandboxUrl, accessToken }, person));
    if (round === 1) kept = await storedBytes(orm.em.fork());
  }
  const memory = await worker.peakMemory();
  // The next part has a sandbox and workers of its own, on the same task queues.
  await worker.stop();
  const middle = (of: (round: Round) => number) => median(played.map(of));
  const overhead = (seconds: number, calls: number) => seconds / ((calls * latencyMs) / 1_000 / callsAtOnce);
  return [
    reported('first sync: provider calls', first.calls, 'calls'),
    reported('first sync', first.seconds, 's'),
    atMost(
      8 + Math.ceil(scene.playlists / playlistsAPage),
      'second sync, nothing changed: provider calls',
      second.calls,
      'calls',
    ),
    reported('second sync, nothing changed', second.seconds, 's'),
    reported(
      'plan: items included',
      middle((round) => round.items),
      'items',
    ),
    atMost(
      2,
      'plan: from the library read to ready',
      middle((round) => round.planningSeconds),
      's',
    ),
    reported(
      'run: provider calls',
      middle((round) => round.run.calls),
      'calls',
    ),
    reported(
      'run: least possible calls',
      middle((round) => round.leastCalls),
      'calls',
    ),
    atMost(
      1.05,
      'run: calls ÷ least possible',
      middle((round) => round.run.calls / round.leastCalls),
      '',
    ),
    reported(
      'run: from its first slice to its end',
      middle(({ run }) => run.ownSeconds),
      's',
    ),
    reported(
      'run: from the request to the job’s end',
      middle(({ run }) => run.wholeSeconds),
      's',
    ),
    reported(
      'as many calls in a bare loop, right after',
      middle((round) => round.bareSeconds),
      's',
    ),
    atMost(
      1.3,
      'run, from its first slice ÷ (calls × latency ÷ concurrency)',
      middle(({ run }) => overhead(run.ownSeconds, run.calls)),
      '',
    ),
    reported(
      'run, from the request ÷ (calls × latency ÷ concurrency)',
      middle(({ run }) => overhead(run.wholeSeconds, run.calls)),
      '',
    ),
    reported(
      'run, from its first slice ÷ the bare loop',
      middle((round) => round.run.ownSeconds / round.bareSeconds),
      '',
    ),
    reported(
      'rollback: provider calls',
      middle((round) => round.rollback.calls),
      'calls',
    ),
    reported(
      'rollback: least possible calls',
      middle((round) => round.leastRollbackCalls),
      'calls',
    ),
    atMost(
      1.05,
      'rollback: calls ÷ least possible',
      middle((round) => round.rollback.calls / round.leastRollbackCalls),
      '',
    ),
    reported(
      'rollback: from the request to the job’s end',
      middle((round) => round.rollback.wholeSeconds),
      's',
    ),
    atMost(
      0,
      'rollback: parts of the library not as before',
      Math.max(...played.map((round) => round.partsChanged)),
      'parts',
    ),
    reported(
      'run: history events per 1,000 actions',
      middle((round) => (round.run.events / round.items) * 1_000),
      'events',
    ),
    reported(
      'rollback: history events per 1,000 actions',
      middle((round) => (round.rollback.events / round.items) * 1_000),
      'events',
    ),
    reported('stored for the person after the sync', (synced.people - empty.people) / megabyte, 'MB'),
    reported('stored for the person after a run and its rollback', (kept.people - empty.people) / megabyte, 'MB'),
    reported('catalog that the library brought, shared by all', (synced.catalog - empty.catalog) / megabyte, 'MB'),
    atMost(400, 'worker: most memory held', memory / megabyte, 'MB'),
  ];
}

const say = (line: string) => console.error(line);
