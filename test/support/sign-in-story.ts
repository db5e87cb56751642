import { startApi } from '../integration/api/api-under-test';
import { Browser } from '../integration/api/browser';
import { arrive, consent } from '../integration/api/flow-walker';
import type { System } from './system';
import type { Told } from './whole-story';

const names = [
  'link-account-sign-in',
  'link-account-connect',
  'link-account-code-refused',
  'link-account-apple',
  'link-account-github-linked',
  'link-account-github-asked-twice',
  'link-account-github-away',
  'link-account-denied',
  'link-account-code-lost',
];

/** People sign in with each provider, connect and link, and some of it fails. */
export async function signInStory(system: System): Promise<Told[]> {
  const api = await startApi({ environment: system.environment });
  try {
    const browser = new Browser();
    const walk = async (path: string, user = 'second-listener', by = browser) =>
      arrive(by, await consent(by, `${api.url}/api/v1/${path}`, { user }));
    await walk('auth/google/start');
    const connected = await walk('connections/spotify/start');
    const landed = new URL(connected.headers.get('location') ?? '');
    await system.jobEnd(landed.searchParams.get('jobId') ?? '');
    const body = { error: 'invalid_grant' };
    await system.admin.fault({ service: 'spotify-accounts', route: '/api/token', status: 400, body });
    await walk('connections/spotify/start');

    await walk('auth/apple/start', 'apple-listener', new Browser());
    await walk('auth/github/start?purpose=link');
    await system.admin.fault({ service: 'github', route: '/api/user', status: 503 });
    await walk('auth/github/start', 'moderator', new Browser());
    await system.admin.fault({ service: 'github', route: '/api/user', status: 503, times: 20 });
    await walk('auth/github/start', 'moderator', new Browser());
    await system.admin.clearFaults();
    await walk('auth/apple/start?purpose=link', 'apple-listener');
    await system.admin.fault({ service: 'google', route: '/token', dropAnswer: true });
    await walk('auth/google/start', 'reviewer', new Browser());
  } finally {
    await api.close();
  }
  const flows = await system.orm.em
    .fork()
    .execute<{ id: string }[]>(`select id from oauth_transactions order by created_at limit ?`, [names.length]);
  return flows.map(({ id }, n) => ({ name: names[n] ?? '', workflowId: `link-account:${id}` }));
}
