import { startApi } from '../integration/api/api-under-test';
import { Browser } from '../integration/api/browser';
import type { System } from './system';
import type { Told } from './whole-story';

/** Somebody signs in and connects, has everything exported, and leaves while their library is being read. */
export async function accountEndStory(system: System): Promise<Told[]> {
  const api = await startApi({ environment: system.environment });
  try {
    const browser = new Browser();
    const walk = async (path: string) =>
      browser.finish(await browser.consent(`${api.url}/api/v1/${path}?returnTo=/`, { user: 'reviewer' }));
    const send = async (method: string, path: string, body?: unknown) => {
      const answer = await browser.fetch(`${api.url}/api/v1/${path}`, {
        method,
        headers: { origin: api.url, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return (await answer.json()) as Record<string, string>;
    };
    await walk('auth/google/start');
    const exported = await send('POST', 'me/export');
    await system.jobEnd(exported.jobId ?? '');
    const { id } = await send('GET', 'me');
    await system.admin.fault({ service: 'spotify', route: '/me/tracks', status: 429, retryAfter: 3_600 });
    await walk('connections/spotify/start');
    await send('DELETE', 'me', { confirmation: 'erase my account' });
    await system.client.workflow.getHandle(`erase-account:${id}`).result();
    await system.admin.clearFaults();
    await system.orm.em.fork().execute(`delete from provider_gates`);
    return [
      { name: 'export-account', workflowId: `export-account:${exported.jobId}` },
      { name: 'erase-account', workflowId: `erase-account:${id}` },
    ];
  } finally {
    await api.close();
  }
}
