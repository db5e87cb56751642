import { join } from 'node:path';
import { loadConfig } from '../../adapters/environment/config';
import { openOrm } from '../../adapters/postgres/orm';
import { tokenOf } from '../somebody-asking';
import { openTemporal } from '../../adapters/temporal/client';
import { createDispatcher } from '../../adapters/temporal/dispatch';
import { connectPerson } from '../../dev/connected-account/person';
import { sandboxAdmin } from '../../dev/connected-account/sandbox-admin';
import { freePort } from '../../dev/engines/free-port';
import { Random } from '../../dev/sandbox/people/random';
import { presets } from '../../domain/matching';
import type { Cleanup } from '../cleanup';
import type { BenchEngines } from '../engines';
import { startApiProcess, startSandboxProcess, startWorkerProcess } from '../processes';
import { atMost, type Figure, median, percentile, reported } from '../report';
import { type MadeUpLibrary, madeUpLibrary, usualScene } from './made-up-library';

const calls = 500;
const urisPerCall = 50;
/** Calls before the timed ones: connections open, plans of statements are made. */
const warmUp = 20;

/**
 * What a player waits for: `POST blocks/check` of 50 tracks out of a library of 10,000 likes, one call after another, for a person
 * with 1,000 blocks, each answer held against who is credited on the track.
 */
export async function benchBlocksCheck(
  { folder, databaseUrl, temporalAddress, bundlePath }: BenchEngines & { bundlePath: string },
  cleanup: Cleanup,
): Promise<Figure[]> {
  const catalogPath = join(folder, 'check-catalog.csv');
  const made = madeUpLibrary(catalogPath, usualScene);
  const sandboxUrl = await startSandboxProcess(cleanup, { port: await freePort(), catalogPath });
  const environment = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'warn',
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporalAddress,
    SANDBOX_URL: sandboxUrl,
    SPOTIFY_CALLS_PER_SECOND: '1000',
    API_PORT: String(await freePort()),
    METRICS_PORT: String(await freePort()),
    RATE_LIMIT_REQUESTS: '1000000',
    VAULT_KEYS: `bench:${Buffer.alloc(32, 7).toString('base64url')}`,
  };
  const config = loadConfig(environment);
  const orm = await openOrm(databaseUrl);
  cleanup.add(() => orm.close(true));
  const client = await openTemporal({ address: temporalAddress, namespace: config.TEMPORAL_NAMESPACE });
  cleanup.add(() => client.connection.close());
  const worker = await startWorkerProcess(cleanup, { environment, bundlePath });
  const dispatcher = createDispatcher({ orm, client, onLeft: () => undefined });
  await sandboxAdmin(sandboxUrl).setLibrary('second-listener', made.library);
  const person = await connectPerson({ orm, config, dispatcher }, 'second-listener');
  await person.sync();
  for (const artistId of made.blockedArtistIds) await person.block(artistId);
  await worker.stop();
  const apiUrl = await startApiProcess(cleanup, environment);
  const token = await tokenOf(orm.em.fork(), person.userId);
  const [{ count } = { count: '0' }] = await orm.em.fork().execute<{ count: string }[]>(`select count(*) from tracks`);

  const figures = [reported('check: tracks in the catalog', Number(count), 'tracks')];
  for (const preset of presets) {
    const { ms, matches, wrong } = await checkOften({ apiUrl, token, preset }, made);
    figures.push(
      reported(`check of ${urisPerCall} (${preset}): p50 of ${calls}`, median(ms), 'ms'),
      atMost(20, `check of ${urisPerCall} (${preset}): p95`, percentile(ms, 0.95), 'ms'),
      reported(`check of ${urisPerCall} (${preset}): tracks found blocked`, matches, 'tracks'),
      atMost(0, `check of ${urisPerCall} (${preset}): answers that are not so`, wrong, 'tracks'),
    );
  }
  return figures;
}

interface Checked {
  uri: string;
  known: boolean;
  blocked: boolean;
}

/** The same tracks are asked after for each preset. */
async function checkOften(
  { apiUrl, token, preset }: { apiUrl: string; token: string; preset: (typeof presets)[number] },
  { library, blockedArtistIds, creditsByTrack }: MadeUpLibrary,
): Promise<{ ms: number[]; matches: number; wrong: number }> {
  const random = new Random(20_261_128);
  const blocked = new Set(blockedArtistIds);
  const speaksAgainst = (trackId: string) => {
    const [main = '', ...guests] = creditsByTrack.get(trackId) ?? [];
    return blocked.has(main) || (preset !== 'light' && guests.some((guest) => blocked.has(guest)));
  };
  const ms: number[] = [];
  let [matches, wrong] = [0, 0];
  for (let n = 0; n < warmUp + calls; n += 1) {
    const ids = Array.from({ length: urisPerCall }, () => library.likes[random.below(library.likes.length)]!.trackId);
    const begun = performance.now();
    const answer = await fetch(`${apiUrl}/api/v1/blocks/check`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ uris: ids.map((id) => `spotify:track:${id}`), preset }),
    });
    const { items } = (await answer.json()) as { items: Checked[] };
    if (n >= warmUp) ms.push(performance.now() - begun);
    if (!answer.ok) throw new Error(`The API answered ${answer.status}.`);
    matches += items.filter((item) => item.blocked).length;
    wrong += ids.filter((id, at) => !items[at]?.known || items[at].blocked !== speaksAgainst(id)).length;
  }
  return { ms, matches, wrong };
}
