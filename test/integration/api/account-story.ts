import { smallLibrary, type SmallLibrary } from '../../support/small-library';
import type { Browser } from './browser';
import { query } from './browser';
import type { Stage } from './signed-in';

type Body = Record<string, unknown>;

/** Somebody who has something of everything here. */
export interface Settled {
  browser: Browser;
  userId: string;
  connectionId: string;
  runId: string;
  small: SmallLibrary;
  /** A token for programs, as it was shown once. */
  token: string;
  send: (method: string, path: string, body?: unknown) => Promise<{ status: number; headers: Headers; body: Body }>;
  /** The id of a new plan that is ready. */
  plan: () => Promise<string>;
}

let stories = 0;

/** Signs a person of the sandbox in, connects, reads their library, blocks an artist with a note, and enforces that. */
export async function settle(stage: Stage, user: string): Promise<Settled> {
  const { api, system } = stage;
  stories += 1;
  const small = smallLibrary(user, await system.admin.tracks(5000), `-${stories}`);
  await system.admin.setLibrary(user, small.library);
  const browser = await stage.signedIn(user);
  const send: Settled['send'] = async (method, path, body) => {
    const answer = await browser.fetch(`${api.url}/api/v1/${path}`, {
      method,
      headers: { origin: api.url, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text ? (JSON.parse(text) as Body) : {} };
  };
  const ended = async (jobId: unknown) => {
    const end = await system.jobEnd(String(jobId));
    if (end.status !== 'completed') throw new Error(`a job ended ${end.status} ${end.failure_code}`);
  };
  const landed = query(await browser.finish(await browser.consent(`${stage.connectUrl}?returnTo=/`, { user })));
  const connectionId = landed.connectionId ?? '';
  await ended(landed.jobId);
  const [artist] = await stage.rows<{ artist_id: string }>(
    `select artist_id from artist_provider_ids where provider = 'spotify' and provider_id = ?`,
    [small.blockedArtistId],
  );
  await send('PUT', `blocks/${artist?.artist_id}`, { note: `${user} heard it too often`, tags: ['tired'] });
  const plan = async () => {
    const made = await send('POST', 'enforcement/plans', { connectionId, preset: 'standard' });
    await ended(made.body.jobId);
    return String(made.body.planId);
  };
  const run = await send('POST', `enforcement/plans/${await plan()}/execute`, { confirm: true });
  await ended(run.body.jobId);
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
  const token = await send('POST', 'auth/tokens', { name: 'my script', scopes: ['read', 'write'], expiresAt });
  const userId = String(((await send('GET', 'me')).body as { id: string }).id);
  return {
    browser,
    userId,
    connectionId,
    runId: String(run.body.runId),
    small,
    token: String(token.body.token),
    send,
    plan,
  };
}
