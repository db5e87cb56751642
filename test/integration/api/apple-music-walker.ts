import type { Browser } from './browser';
import type { Stage } from './signed-in';

export type Answer = { status: number; body: Record<string, unknown>; location: string | null };

/** What a page does with MusicKit, as a script: asks for our developer token, and gets a person's token from Apple. */
export function appleMusicOn(stage: Stage) {
  const origin = () => new URL(stage.api.url).origin;

  async function developerToken(browser: Browser): Promise<string> {
    const { status, body } = await stage.read(browser, '/connections/apple-music/developer-token');
    if (status !== 200) throw new Error(`no developer token: ${status} ${String(body.code)}`);
    return String(body.token);
  }

  /** A Music User Token of a person's at the sandbox. */
  async function musicUserToken(browser: Browser, user: string): Promise<string> {
    const form = {
      developer_token: await developerToken(browser),
      origin: origin(),
      user,
      decision: 'approve',
    };
    const answer = await fetch(`${stage.system.sandbox.url}/apple-music/authorize`, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams(form),
    });
    const body = (await answer.json()) as { musicUserToken?: string; error?: string };
    if (!body.musicUserToken) throw new Error(`no music token: ${answer.status} ${body.error}`);
    return body.musicUserToken;
  }

  async function post(browser: Browser, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const answer = await browser.fetch(`${stage.api.url}/api/v1/connections/apple-music`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: origin(), ...headers },
      body: JSON.stringify(body),
    });
    return {
      status: answer.status,
      body: (await answer.json()) as Record<string, unknown>,
      location: answer.headers.get('location'),
    };
  }

  return { developerToken, musicUserToken, post };
}
