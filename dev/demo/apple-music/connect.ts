import type { Browser } from '../browser';
import type { Connection } from '../contract';
import { DemoFailure } from '../demo-failure';
import type { Person } from '../person';

/**
 * Connects Apple Music as the page `/connect/apple-music` does with MusicKit: gets our developer token, has the person
 * agree at Apple's page, and hands in the Music User Token. One connected before is renewed.
 *
 * @returns the connection, and the job of the sync that connecting starts
 */
export async function connectAppleMusic(
  { person, browser }: { person: Person; browser: Browser },
  user: string,
): Promise<{ connection: Connection; jobId: string }> {
  const { items } = await person.get<{ items: Connection[] }>('connections');
  const present = items.find(({ provider }) => provider === 'apple_music');
  const kit = await person.get<{ token: string; musicKitUrl: string }>('connections/apple-music/developer-token');
  const musicUserToken = await agreeAtApple(browser, kit, user);
  const answer = await person.post<Connection & { jobId: string | null }>('connections/apple-music', {
    musicUserToken,
    ...(present ? { connectionId: present.id } : {}),
  });
  const jobId = answer.jobId ?? (await person.post<{ jobId: string }>(`connections/${answer.id}/library-sync`)).jobId;
  return { connection: answer, jobId };
}

async function agreeAtApple(
  browser: Browser,
  { token, musicKitUrl }: { token: string; musicKitUrl: string },
  user: string,
): Promise<string> {
  const form = { developer_token: token, user, decision: 'approve' };
  const response = await browser.request(new URL('authorize', musicKitUrl), {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
  const { musicUserToken } = (await response.json()) as { musicUserToken?: string };
  if (!musicUserToken) throw new DemoFailure(`Apple's page answered ${response.status} instead of a Music User Token.`);
  return musicUserToken;
}
