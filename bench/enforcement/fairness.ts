import { loadConfig } from '../../adapters/environment/config';
import { openOrm } from '../../adapters/postgres/orm';
import { openTemporal } from '../../adapters/temporal/client';
import { createDispatcher } from '../../adapters/temporal/dispatch';
import { connectPerson, jobEnd, type Person } from '../../dev/connected-account/person';
import { sandboxAdmin, type SandboxLibrary, type SandboxTrack } from '../../dev/connected-account/sandbox-admin';
import { freePort } from '../../dev/engines/free-port';
import type { Cleanup } from '../cleanup';
import type { BenchEngines } from '../engines';
import { startSandboxProcess, startWorkerProcess } from '../processes';
import { atLeast, atMost, type Figure, median, reported } from '../report';

const crowd = 50;
const callsPerSecond = 10;
const playlists = 3;
/** Calls that pile up in the gate while nobody asks: they are there when the runs begin. */
const burst = callsPerSecond;
const latencyMs = 50;

/**
 * Fifty people on one quota carry their plans out at once: how much of the quota is used, and how long the slowest waits beside the
 * one in the middle. Reading and planning come before, with a quota that holds nobody up.
 */
export async function benchFairness(
  engines: BenchEngines & { bundlePath: string },
  cleanup: Cleanup,
): Promise<Figure[]> {
  const { databaseUrl, temporalAddress, bundlePath } = engines;
  const sandboxUrl = await startSandboxProcess(cleanup, { port: await freePort(), latencyMs, crowd });
  const environment = (calls: number) => ({
    NODE_ENV: 'test',
    LOG_LEVEL: 'warn',
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporalAddress,
    SANDBOX_URL: sandboxUrl,
    SPOTIFY_QUOTA: 'bench-fairness',
    SPOTIFY_CALLS_PER_SECOND: String(calls),
    VAULT_KEYS: `bench:${Buffer.alloc(32, 7).toString('base64url')}`,
  });
  const config = loadConfig(environment(callsPerSecond));
  const orm = await openOrm(databaseUrl);
  cleanup.add(() => orm.close(true));
  const client = await openTemporal({ address: temporalAddress, namespace: config.TEMPORAL_NAMESPACE });
  cleanup.add(() => client.connection.close());
  const dispatcher = createDispatcher({ orm, client, onLeft: () => undefined });
  const admin = sandboxAdmin(sandboxUrl);
  const tracks = await admin.tracks(2_000);
  const quick = await startWorkerProcess(cleanup, { environment: environment(1_000), bundlePath });

  const planned: { person: Person; planId: string }[] = [];
  for (let n = 1; n <= crowd; n += 1) {
    const user = `crowd-${n}`;
    const { library, blockedArtistId } = libraryOf(user, tracks);
    await admin.setLibrary(user, library);
    const person = await connectPerson({ orm, config, dispatcher }, user);
    await person.sync();
    await person.block(blockedArtistId);
    planned.push({ person, planId: (await person.plan()).id });
  }
  await quick.stop();
  await orm.em.fork().execute(`delete from provider_gates`);
  await startWorkerProcess(cleanup, { environment: environment(callsPerSecond), bundlePath });

  await admin.forgetCalls();
  const begun = performance.now();
  const started = await Promise.all(planned.map(({ person, planId }) => person.execute(planId)));
  await Promise.all(started.map(({ jobId }) => jobEnd(orm, jobId)));
  const seconds = (performance.now() - begun) / 1_000;
  const calls = (await admin.calls()).reduce((sum, { service, count }) => sum + (service === 'spotify' ? count : 0), 0);
  const runs = await orm.em
    .fork()
    .execute<{ status: string; seconds: number }[]>(
      `select status, extract(epoch from finished_at - created_at)::float8 as seconds from runs where id in (select (jsonb_array_elements_text(?::jsonb))::uuid)`,
      [JSON.stringify(started.map(({ runId }) => runId))],
    );
  const waits = runs.map((run) => run.seconds);
  return [
    atMost(0, `${crowd} people on one quota: runs that did not complete`, notCompleted(runs), 'runs'),
    reported('calls of all of them', calls, 'calls'),
    reported('until the last has ended', seconds, 's'),
    atLeast(
      0.9,
      `gate utilisation (calls ÷ what ${callsPerSecond} a second let through)`,
      calls / (seconds * callsPerSecond + burst),
      '',
    ),
    reported('the one in the middle', median(waits), 's'),
    atMost(2, 'the slowest ÷ the one in the middle', Math.max(...waits) / median(waits), ''),
  ];
}

const notCompleted = (runs: readonly { status: string }[]) =>
  crowd - runs.filter(({ status }) => status === 'completed').length;

/** Likes and playlists with some songs of one artist in each. The same for everybody, but for whose they are. */
function libraryOf(
  user: string,
  tracks: readonly SandboxTrack[],
): { library: SandboxLibrary; blockedArtistId: string } {
  const byArtist = new Map<string, SandboxTrack[]>();
  for (const track of tracks)
    for (const { id } of track.artists) byArtist.set(id, [...(byArtist.get(id) ?? []), track]);
  const [blockedArtistId, theirs] = [...byArtist].sort(([, some], [, others]) => others.length - some.length)[0]!;
  const others = tracks.filter((track) => !theirs.includes(track)).slice(0, 20);
  const addedAt = (n: number) => new Date(Date.UTC(2025, 0, 1) - n * 3_600_000).toISOString();
  const mixed = [...theirs.slice(0, 3), ...others];
  return {
    blockedArtistId,
    library: {
      likes: mixed.map(({ id }, n) => ({ trackId: id, addedAt: addedAt(n) })),
      albums: [],
      follows: [],
      playlists: Array.from({ length: playlists }, (_, n) => ({
        id: `fair-${user}-${n}`,
        name: `Playlist ${n}`,
        ownerId: user,
        collaborative: false,
        items: mixed.map(({ id }, place) => ({
          uri: `spotify:track:${id}`,
          addedAt: addedAt(place),
          addedBy: user,
        })),
      })),
    },
  };
}
