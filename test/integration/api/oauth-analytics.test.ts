import { createSweepActivities } from '../../../activities/sweep';
import { newId } from '../../../adapters/postgres/ids';
import { viewScenes } from '../analytics/view-scenes';
import { startApi, type ApiUnderTest } from './api-under-test';
import { comparativeScenes } from './comparative-scenes';
import { systemViewScenes } from './system-view-scenes';

let api: ApiUnderTest;
let admin: string;
beforeAll(async () => {
  api = await startApi();
  admin = (await api.person({ roles: ['admin'], scopes: ['read', 'admin'] })).token;
});
afterAll(() => api.close());
beforeEach(() => rows(`delete from oauth_transactions`));

const rows = <T>(sql: string, values: unknown[] = []): Promise<T[]> => api.deps.orm.em.fork().execute<T[]>(sql, values);

interface Flow {
  provider?: string;
  purpose?: string;
  status: string;
  error?: string | null;
  restarts?: number;
  /** Hours since its start. */
  hours?: number;
  userId?: string | null;
}
async function flow({
  provider = 'google',
  purpose = 'sign_in',
  status,
  error,
  restarts = 0,
  hours = 1,
  userId,
}: Flow) {
  const id = newId();
  const ended = !['started', 'claimed'].includes(status);
  await rows(
    `insert into oauth_transactions (id, provider, purpose, state_hash, cookie_hash, user_id, return_to, redirect_uri, request_id,
       flow_secrets, status, error_code, restarts, result_user_id, created_at, expires_at, finished_at)
     values (?, ?, ?, ?, 'hash', ?, 'http://127.0.0.1:5173/private', 'x', 'request', 'sealed', ?, ?, ?, ?,
       now() - make_interval(hours => ?), now() - make_interval(hours => ?) + interval '10 minutes',
       case when ? then now() - make_interval(hours => ?) + interval '1 minute' end)`,
    [
      id,
      provider,
      purpose,
      id,
      userId ?? null,
      status,
      error ?? null,
      restarts,
      userId ?? null,
      hours,
      hours,
      ended,
      hours,
    ],
  );
  return id;
}
const read = async (search = '') => {
  const answer = await api.call('GET', `/api/v1/analytics/system/oauth${search}`, { token: admin });
  expect(answer.status).toBe(200);
  return answer.body as {
    providers: Record<string, unknown>[];
    items: (Record<string, unknown> & { failed: { code: string; count: number }[] })[];
  };
};
async function sweep() {
  const ends: object[] = [];
  const never = null as never;
  const activities = createSweepActivities({
    emails: { sending: false, onDropped: () => undefined },
    orm: api.deps.orm,
    client: never,
    dispatcher: never,
    onFlowEnd: (end) => ends.push(end),
  });
  await activities.forgetExpired();
  return ends;
}

describe('how flows end', () => {
  it('is told by provider and purpose, each flow in one place', async () => {
    await flow({ status: 'delivered' });
    await flow({ status: 'delivered', restarts: 1 });
    await flow({ status: 'failed', error: 'code_lost' });
    await flow({ status: 'failed', error: 'access_denied' });
    await flow({ status: 'succeeded' });
    await flow({ status: 'started' });
    await flow({ status: 'started', hours: 0 });
    await flow({ status: 'claimed', hours: 0 });
    await flow({ purpose: 'link', status: 'succeeded' });
    await flow({ provider: 'spotify', purpose: 'connect', status: 'failed', error: 'scopes_missing' });
    expect(await read()).toMatchObject({
      providers: [
        { provider: 'google', started: 8, completed: 3, completionRate: 3 / 8 },
        { provider: 'spotify', started: 1, completed: 0, completionRate: 0 },
      ],
      items: [
        { provider: 'google', purpose: 'link', started: 1, completed: 1, failed: [], completionRate: 1 },
        {
          provider: 'google',
          purpose: 'sign_in',
          started: 7,
          completed: 2,
          undelivered: 1,
          failed: [{ code: 'access_denied', count: 1 }],
          abandoned: 1,
          open: 2,
          restarts: 1,
        },
        { provider: 'spotify', purpose: 'connect', failed: [{ code: 'scopes_missing', count: 1 }], abandoned: 0 },
      ],
    });
  });

  it('an answer that was lost twice is a failure, its restart is not', async () => {
    await flow({ status: 'failed', error: 'code_lost' });
    await flow({ status: 'failed', error: 'code_lost', restarts: 1 });
    const [item] = (await read()).items;
    expect(item).toMatchObject({ started: 1, restarts: 1, completed: 0, failed: [{ code: 'code_lost', count: 1 }] });
  });

  it('is null, not nought or one, where nothing was started by anybody', async () => {
    await flow({ status: 'delivered', restarts: 1 });
    expect((await read()).items).toMatchObject([{ started: 0, completed: 1, completionRate: null }]);
    await rows(`delete from oauth_transactions`);
    expect(await read()).toMatchObject({ providers: [], items: [] });
  });

  it('is counted over the days asked for', async () => {
    await flow({ status: 'delivered', hours: 20 });
    await flow({ status: 'delivered', hours: 24 * 40 });
    expect((await read('?days=1')).items).toMatchObject([{ started: 1 }]);
    expect((await read()).items).toMatchObject([{ started: 1 }]);
    expect((await read('?days=90')).items).toMatchObject([{ started: 2 }]);
    for (const days of ['0', '91', '1.5', 'many']) {
      const answer = await api.call('GET', `/api/v1/analytics/system/oauth?days=${days}`, { token: admin });
      expect(answer.body).toMatchObject({ status: 400, errors: [{ path: 'query.days' }] });
    }
  });
});

describe('who may see it', () => {
  const path = '/api/v1/analytics/system/oauth';
  it('only admins, with a token made for it', async () => {
    expect((await api.call('GET', path)).status).toBe(401);
    const { token: plain } = await api.person();
    expect((await api.call('GET', path, { token: plain })).body.code).toBe('role_missing');
    const { token: narrow } = await api.person({ roles: ['admin'], scopes: ['read'] });
    expect((await api.call('GET', path, { token: narrow })).body.code).toBe('scope_missing');
  });

  it('and that they did is in the audit', async () => {
    await read('?days=13');
    expect(
      await rows(
        `select outcome, details from audit_entries where event = 'analytics.oauth_read' and details->>'days' = '13'`,
      ),
    ).toEqual([{ outcome: 'done', details: { days: 13 } }]);
  });
});

describe('what stays of a flow', () => {
  const about = (id: string) => rows<Record<string, unknown>>(`select * from oauth_transactions where id = ?`, [id]);

  it('one from which nobody came back is abandoned, counted once, and its secrets are gone', async () => {
    const [late, open] = [await flow({ status: 'started', hours: 1 }), await flow({ status: 'started', hours: 0 })];
    expect(await sweep()).toEqual([{ provider: 'google', purpose: 'sign_in', outcome: 'abandoned' }]);
    expect(await sweep()).toEqual([]);
    expect(await about(late)).toMatchObject([{ status: 'abandoned', flow_secrets: '' }]);
    expect(await about(open)).toMatchObject([{ status: 'started', flow_secrets: 'sealed' }]);
  });

  it('one whose process died after the callback is ended a day later, not before', async () => {
    const [old, young] = [await flow({ status: 'claimed', hours: 25 }), await flow({ status: 'claimed', hours: 23 })];
    expect(await sweep()).toEqual([{ provider: 'google', purpose: 'sign_in', outcome: 'internal_error' }]);
    expect(await about(old)).toMatchObject([{ status: 'failed', error_code: 'internal_error', flow_secrets: '' }]);
    expect(await about(young)).toMatchObject([{ status: 'claimed', flow_secrets: 'sealed' }]);
  });

  it('a day after its end nothing says whose it was, and the counts are as before', async () => {
    const { id: userId } = await api.person();
    const [old, young] = [
      await flow({ purpose: 'link', status: 'succeeded', hours: 25, userId }),
      await flow({ purpose: 'link', status: 'succeeded', hours: 23, userId }),
    ];
    const before = (await read()).items;
    await sweep();
    const blank = { cookie_hash: '', return_to: '', request_id: null, user_id: null, result_user_id: null };
    expect(await about(old)).toMatchObject([{ ...blank, status: 'succeeded' }]);
    expect(await about(young)).toMatchObject([{ user_id: userId, return_to: 'http://127.0.0.1:5173/private' }]);
    await rows(`delete from users where id = ?`, [userId]);
    expect((await about(old)).length).toBe(1);
    expect(before).toMatchObject([{ started: 2, completed: 2 }]);
  });

  it('after ninety days nothing stays', async () => {
    const [gone, kept] = [
      await flow({ status: 'failed', error: 'access_denied', hours: 24 * 91 }),
      await flow({ status: 'failed', error: 'access_denied', hours: 24 * 89 }),
    ];
    await sweep();
    expect([await about(gone), (await about(kept)).length]).toEqual([[], 1]);
  });
});

describe('the other views of the whole system', () => systemViewScenes(() => ({ api, admin })));

describe('what analytics tell a person', () => viewScenes(() => api));
describe('comparing oneself with others', () => comparativeScenes(() => api));
