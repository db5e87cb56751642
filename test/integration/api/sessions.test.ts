import { createSession } from '../../../adapters/postgres/sessions';
import { startApi, type ApiUnderTest } from './api-under-test';

const lifetime = { SESSION_IDLE_DAYS: '14', SESSION_ABSOLUTE_DAYS: '90' };
let api: ApiUnderTest;
let userId: string;
beforeAll(async () => {
  api = await startApi({ environment: lifetime });
  userId = (await api.person()).id;
});
afterAll(() => api.close());
beforeEach(() => api.deps.orm.em.fork().execute(`delete from sessions`));

interface Made {
  id: string;
  cookie: string;
}
async function session(of = userId): Promise<Made> {
  const made = await createSession(api.deps.orm.em.fork(), {
    userId: of,
    userAgent: 'a browser',
    lifetime: api.config,
  });
  return { id: made.id, cookie: `dnp_session=${made.token}` };
}
const as = ({ cookie }: Made, method: string, path: string) =>
  api.call(method, `/api/v1/auth/${path}`, { headers: { cookie, origin: api.url } });
const alive = async (one: Made) => (await as(one, 'GET', 'session')).status === 200;
/** Moves what a session says of itself into the past. */
const age = (one: Made, days: { made: number; seen: number; ends?: number }) =>
  api.deps.orm.em.fork().execute(
    `update sessions set created_at = now() - make_interval(secs => ?::float8), last_seen_at = now() - make_interval(secs => ?::float8),
       expires_at = now() + make_interval(secs => ?::float8) where id = ?`,
    [days.made * 86_400, days.seen * 86_400, (days.ends ?? 14) * 86_400, one.id],
  );
const lasting = async (one: Made) => {
  const [row] = await api.deps.orm.em.fork().execute<{ idle: number; absolute: number }[]>(
    `select round(extract(epoch from expires_at - last_seen_at) / 86400)::int as idle,
            round(extract(epoch from expires_at - created_at) / 86400)::int as absolute from sessions where id = ?`,
    [one.id],
  );
  return row;
};

describe('a session that nobody uses', () => {
  it('lasts for the idle days, and each day of use prolongs it', async () => {
    const one = await session();
    expect(await lasting(one)).toMatchObject({ idle: 14 });
    await age(one, { made: 20, seen: 13, ends: 1 });
    expect(await alive(one)).toBe(true);
    expect(await lasting(one)).toEqual({ idle: 14, absolute: 34 });
  });

  it('ends after them, although its row is still there', async () => {
    const one = await session();
    await age(one, { made: 20, seen: 14.1 });
    expect(await alive(one)).toBe(false);
  });

  it('is not listed as a browser that is signed in', async () => {
    const [one, idle] = [await session(), await session()];
    await age(idle, { made: 20, seen: 14.1 });
    const { items } = (await as(one, 'GET', 'sessions')).body as { items: { id: string }[] };
    expect(items.map(({ id }) => id)).toEqual([one.id]);
  });
});

describe('a session that is used every day', () => {
  it('ends after the absolute days all the same', async () => {
    const one = await session();
    await age(one, { made: 90.1, seen: 0 });
    expect(await alive(one)).toBe(false);
  });

  it('is never prolonged beyond them', async () => {
    const one = await session();
    await age(one, { made: 88, seen: 1 });
    expect(await alive(one)).toBe(true);
    expect(await lasting(one)).toEqual({ idle: 2, absolute: 90 });
  });
});

it('shorter ends hold for sessions that were made before', async () => {
  const one = await session();
  await age(one, { made: 3, seen: 2 });
  const stricter = async (changed: Record<string, string>) => {
    const other = await startApi({
      environment: { DATABASE_URL: api.config.DATABASE_URL, ...lifetime, ...changed },
    });
    const { status } = await other.call('GET', '/api/v1/auth/session', { headers: { cookie: one.cookie } });
    await other.close();
    return status;
  };
  expect(await stricter({ SESSION_IDLE_DAYS: '1' })).toBe(401);
  expect(await stricter({ SESSION_ABSOLUTE_DAYS: '2.5' })).toBe(401);
  expect(await stricter({})).toBe(200);
});

describe('signing browsers out', () => {
  it('one by one, without touching the others', async () => {
    const [mine, lost] = [await session(), await session()];
    const answer = await as(mine, 'DELETE', `sessions/${lost.id}`);
    expect({ status: answer.status, cookies: answer.headers.getSetCookie() }).toEqual({ status: 204, cookies: [] });
    expect([await alive(mine), await alive(lost)]).toEqual([true, false]);
  });

  it('the one at hand by its id takes its cookie away too', async () => {
    const mine = await session();
    const answer = await as(mine, 'DELETE', `sessions/${mine.id}`);
    expect(answer.headers.getSetCookie()[0]).toMatch(/dnp_session=;.*expires=Thu, 01 Jan 1970/i);
    expect(await alive(mine)).toBe(false);
  });

  it('somebody else’s is a 404 and stays', async () => {
    const [mine, theirs] = [await session(), await session((await api.person()).id)];
    expect((await as(mine, 'DELETE', `sessions/${theirs.id}`)).status).toBe(404);
    expect(await alive(theirs)).toBe(true);
  });

  it('all others at once, or all with this one', async () => {
    const [mine, other] = [await session(), await session()];
    expect((await as(mine, 'DELETE', 'sessions')).status).toBe(204);
    expect([await alive(mine), await alive(other)]).toEqual([true, false]);
    const [again, theirs] = [await session(), await session((await api.person()).id)];
    const answer = await as(mine, 'DELETE', 'sessions?current=end');
    expect(answer.status).toBe(204);
    expect(answer.headers.getSetCookie()[0]).toMatch(/dnp_session=;/);
    expect([await alive(mine), await alive(again), await alive(theirs)]).toEqual([false, false, true]);
  });

  it('by a token, which is no session itself, ends them all and leaves the token', async () => {
    const { id, token } = await api.person();
    const one = await session(id);
    expect((await api.call('DELETE', '/api/v1/auth/sessions', { token })).status).toBe(204);
    expect(await alive(one)).toBe(false);
    expect((await api.call('GET', '/api/v1/auth/session', { token })).status).toBe(200);
  });

  it('is in the audit, with the number and no address', async () => {
    const mine = await session();
    await session();
    await as(mine, 'DELETE', 'sessions?current=end');
    const rows = await api.deps.orm.em
      .fork()
      .execute(`select event, outcome, details from audit_entries order by id desc limit 1`);
    expect(rows).toEqual([{ event: 'session.all_ended', outcome: 'done', details: { ended: 2 } }]);
  });
});
