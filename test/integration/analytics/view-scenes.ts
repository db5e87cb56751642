import { parse } from 'csv-parse/sync';
import { createPersonalToken } from '../../../adapters/postgres/personal-tokens';
import { viewNames } from '../../../api/routes/analytics/views';
import { flatFigures, type FlatFigure } from '../../../domain/flat-figures';
import type { ActionStatus } from '../../../domain/runs';
import type { ApiUnderTest } from '../api/api-under-test';
import { Rows } from '../api-enforcement/rows';

type Body = Record<string, unknown>;

/** A person whose runs were on days of their own, and what every view and its file tell them of it. */
export function viewScenes(api: () => ApiUnderTest): void {
  let [userId, token, connectionId] = ['', '', ''];
  let rows: Rows;
  beforeEach(async () => {
    rows = new Rows(api().deps.orm);
    ({ id: userId, token } = await api().person());
    connectionId = await rows.connection(userId);
  });
  const call = (path: string, as = token) => api().call('GET', `/api/v1/analytics/${path}`, { token: as });
  const read = async (path: string): Promise<Body> => {
    const answer = await call(path);
    expect([answer.status, answer.text.slice(0, 300)]).toEqual([200, expect.anything()]);
    return answer.body;
  };
  const series = async (search: string) => (await read(`time-series?${search}`)).points as Body[];
  const values = async (search: string) => (await series(search)).map(({ value }) => value);
  const sql = <T = Body>(statement: string, bindings: unknown[] = []) => rows.em.execute<T[]>(statement, bindings);

  /** A run of some actions, settled on a day; with playing times of a minute for all but the last. */
  async function ran(
    day: string,
    statuses: ActionStatus[],
    runType = 'enforce',
  ): Promise<{ id: string; actions: string[] }> {
    const { id } = await rows.run(userId, connectionId, { runType });
    const actions = await rows.actions(
      id,
      statuses.map((status, n) =>
        n % 2 ? { status, playlistId: 'mix', losses: ['date_added', 'position'] } : { status },
      ),
    );
    await sql(`update runs set finished_at = ? where id = ?`, [`${day}T12:00:00Z`, id]);
    await sql(`update actions set settled_at = ?, duration_ms = case when seq < ? then 60000 end where run_id = ?`, [
      `${day}T12:00:00Z`,
      statuses.length - 1,
      id,
    ]);
    return { id, actions };
  }
  const undone = (id: string, day: string) =>
    sql(`update actions set status = 'undone', undone_at = ? where id = ?`, [`${day}T00:00:00Z`, id]);

  describe('a time series', () => {
    it('is of what happened, by day, week and month, with nothing left out', async () => {
      await ran('2026-01-02', ['applied', 'applied', 'skipped', 'failed']);
      const { actions } = await ran('2026-01-05', ['applied', 'applied']);
      await undone(actions[0]!, '2026-01-07');
      const range = 'from=2026-01-01&to=2026-01-07';
      expect(await values(`metric=actions&${range}`)).toEqual([0, 4, 0, 0, 2, 0, 0]);
      expect(await values(`metric=runs&${range}`)).toEqual([0, 1, 0, 0, 1, 0, 0]);
      expect(await values(`metric=success_rate&${range}`)).toEqual([null, 2 / 3, null, null, 1, null, null]);
      expect(await values(`metric=items_kept_out&${range}`)).toEqual([0, 2, 2, 2, 4, 4, 3]);
      expect(await values(`metric=seconds_kept_out&${range}`)).toEqual([0, 120, 120, 120, 180, 180, 120]);
      expect(await values(`metric=seconds_kept_out&from=2026-01-06&to=2026-01-07`)).toEqual([180, 120]);
      expect(await series(`metric=actions&granularity=week&${range}`)).toEqual([
        { from: '2026-01-01', to: '2026-01-04', type: null, outcome: null, value: 4 },
        { from: '2026-01-05', to: '2026-01-07', type: null, outcome: null, value: 2 },
      ]);
      expect(await values(`metric=items_kept_out&granularity=month&from=2025-12-15&to=2026-01-31`)).toEqual([0, 3]);
      expect(await series(`metric=actions&granularity=month&by=type_and_outcome&${range}`)).toMatchObject([
        { type: 'remove_playlist_track', outcome: 'applied', value: 2 },
        { type: 'remove_playlist_track', outcome: 'failed', value: 1 },
        { type: 'unlike_track', outcome: 'applied', value: 2 },
        { type: 'unlike_track', outcome: 'skipped', value: 1 },
      ]);
      expect(await values(`metric=actions&granularity=month&provider=apple_music&${range}`)).toEqual([0]);
      const stranger = (await api().person()).token;
      expect((await call(`time-series?metric=actions&granularity=month&${range}`, stranger)).body.points).toMatchObject(
        [{ value: 0 }],
      );
    });

    it('of blocks says how many there were, and nothing of days to come', async () => {
      await sql(`insert into blocks (user_id, artist_id) values (?, ?), (?, ?)`, [
        ...[userId, await rows.artist('Nobody in series')],
        ...[userId, await rows.artist('Nobody else in series')],
      ]);
      const body = await read('time-series?metric=blocks');
      expect((body.points as Body[]).slice(-2).map(({ value }) => value)).toEqual([0, 2]);
      expect(body).toMatchObject({ kind: 'stock', unit: 'count', granularity: 'day', provider: null, by: 'none' });
      const { to } = body as { to: string };
      const tomorrow = new Date(Date.parse(to) + 86_400_000).toISOString().slice(0, 10);
      expect(await values(`metric=blocks&from=${to}&to=${tomorrow}`)).toEqual([2, null]);
    });

    it.each([
      ['metric=plays', 'query.metric', 'invalid_value'],
      ['metric=runs&from=2026-01-02&to=2026-01-01', 'query.to', 'before_from'],
      ['metric=runs&from=2020-01-01&to=2025-01-01&granularity=month', 'query.to', 'too_long'],
      ['metric=runs&from=2024-01-01&to=2025-12-31', 'query.to', 'too_many_points'],
      ['metric=runs&from=1900-01-01&to=1900-01-02', 'query.to', 'out_of_range'],
      ['metric=runs&from=2026-02-30', 'query.from', 'invalid_format'],
      ['metric=blocks&by=type', 'query.by', 'not_of_this_metric'],
      ['metric=success_rate&by=outcome', 'query.by', 'not_of_this_metric'],
      ['metric=blocks&provider=spotify', 'query.provider', 'not_of_this_metric'],
    ])('of %s is none: %s is %s', async (search, path, code) => {
      const { status, body } = await call(`time-series?${search}`);
      expect([status, body.errors]).toEqual([400, [expect.objectContaining({ path, code })]]);
    });
  });

  it('a summary says whom and what is kept out, what was and comes next, and what needs the person', async () => {
    expect(await read('summary')).toMatchObject({
      blocked: { artists: 0, sources: { own: 0, lists: [], categories: [] } },
      keptOut: { items: 0, seconds: 0, hours: 0, unknownItems: 0 },
      lastRun: null,
      nextScheduled: null,
      connections: { total: 1, attention: [] },
    });
    await sql(`insert into blocks (user_id, artist_id) values (?, ?)`, [userId, await rows.artist('Summed Up')]);
    await ran('2026-01-02', ['applied', 'applied', 'applied', 'failed']);
    const { id: runId } = await ran('2026-01-05', ['applied', 'applied']);
    await sql(`update actions set action_type = 'unfollow_artist', duration_ms = null where run_id = ? and seq = 0`, [
      runId,
    ]);
    const broken = await rows.connection(userId, { health: 'needs_reconnect' });
    await sql(`update connections set health_code = 'refresh_rejected' where id = ?`, [broken]);
    await sql(
      `insert into connection_schedules (connection_id, mode, weekday, hour, time_zone, preset, next_due_at)
       values (?, 'notify', 'monday', 3, 'UTC', 'standard', '2030-01-07T03:00:00Z')`,
      [connectionId],
    );
    expect(await read('summary')).toMatchObject({
      blocked: { artists: 1, contested: 0, tracks: 0, sources: { own: 1, lists: [], categories: [] } },
      keptOut: { items: 5, seconds: 180, hours: 0.05, unknownItems: 1 },
      lastRun: { id: runId, counts: { applied: 2 }, href: `/api/v1/enforcement/runs/${runId}` },
      nextScheduled: { connectionId, at: '2030-01-07T03:00:00.000Z', mode: 'notify' },
      connections: {
        total: 2,
        attention: [
          {
            connectionId: broken,
            health: 'needs_reconnect',
            healthCode: 'refresh_rejected',
            action: { code: 'reconnect', href: expect.stringContaining(broken) as unknown },
          },
        ],
      },
    });
  });

  describe('a file', () => {
    const file = async (search: string, as = token) => {
      const answer = await call(`export?${search}`, as);
      return { ...answer, type: answer.headers.get('content-type'), name: answer.headers.get('content-disposition') };
    };
    const ndjson = (text: string): Body[] =>
      text === ''
        ? []
        : text
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line) as Body);
    const cell = (value: unknown): string => {
      if (value === null) return '';
      if (Array.isArray(value)) return value.join('; ');
      return typeof value === 'string' && /^[=+\-@]/.test(value) ? `'${value}` : String(value);
    };

    it.each([
      [
        'time-series',
        'metric=actions&by=type_and_outcome&from=2026-01-01&to=2026-01-07',
        'points',
        'time-series-actions-day',
      ],
      [
        'time-series',
        'metric=success_rate&granularity=week&from=2026-01-01&to=2026-02-07',
        'points',
        'time-series-success_rate-week',
      ],
      ['time-series', 'metric=actions&by=type&from=2020-01-01&to=2020-01-07', 'points', 'time-series-actions-day'],
      ['actions', 'limit=100', 'items', 'actions'],
      ['actions', 'limit=100&status=failed&from=2026-01-01&to=2026-01-03&provider=spotify', 'items', 'actions'],
    ])('of %s?%s says what its endpoint says, in each format', async (view, search, field, name) => {
      await ran('2026-01-02', ['applied', 'applied', 'skipped', 'failed']);
      await ran('2026-01-05', ['applied', 'applied'], 'rollback');
      await sql(`update actions set name = '=HYPERLINK("http://x.test"), "quoted"' where status = 'failed'`);
      const body = await read(`${view}?${search}`);
      const told = body[field] as Body[];
      const json = await file(`view=${view}&format=json&${search}`);
      expect(json.body).toEqual({ ...body, emptyReason: undefined });
      expect(json.type).toBe('application/json');
      expect(json.name).toMatch(new RegExp(`^attachment; filename="do-not-play-${name}-\\d{4}-\\d\\d-\\d\\d\\.json"$`));
      const lines = await file(`view=${view}&format=ndjson&${search}`);
      expect([lines.type, ndjson(lines.text)]).toEqual(['application/x-ndjson; charset=utf-8', told]);
      const csv = await file(`view=${view}&${search}`);
      expect(csv.type).toBe('text/csv; charset=utf-8');
      const [columns = [], ...records] = parse(csv.text) as string[][];
      expect(records).toEqual(told.map((row) => columns.map((column) => cell(row[column]))));
      if (told[0]) expect([...columns].sort()).toEqual(Object.keys(told[0]).sort());
      expect(csv.text.endsWith('\r\n')).toBe(true);
    });

    it('of the journal has what all of its pages have', async () => {
      for (const day of ['2026-01-02', '2026-01-03', '2026-01-04']) await ran(day, ['applied', 'failed', 'skipped']);
      const { text } = await file('view=actions&format=ndjson');
      const paged: Body[] = [];
      for (let cursor = ''; ;) {
        const page = await read(`actions?limit=2${cursor}`);
        paged.push(...(page.items as Body[]));
        if (page.nextCursor === null) break;
        cursor = `&cursor=${encodeURIComponent(String(page.nextCursor))}`;
      }
      expect(ndjson(text)).toEqual(paged);
      expect(paged.map(({ settledAt }) => String(settledAt).slice(8, 10)).join()).toBe('04,04,04,03,03,03,02,02,02');
    });

    it('of what is no table has a line for each value', async () => {
      await ran('2026-01-02', ['applied', 'applied']);
      const body = await read('summary');
      const { text } = await file('view=summary&format=csv');
      const records = new Map(parse(text) as [string, string][]);
      expect([records.get('figure'), records.get('keptOut.seconds'), records.get('nextScheduled')]).toEqual([
        'value',
        '60',
        '',
      ]);
      expect(records.get('lastRun.id')).toBe((body.lastRun as Body).id);
      expect(ndjson((await file('view=summary&format=ndjson')).text)).toContainEqual({
        figure: 'keptOut.items',
        value: 2,
      });
      const { asOf: _asOf, ...rest } = (await file('view=summary&format=json')).body;
      expect(body).toMatchObject(rest);
    });

    it('of a system view is for whom the view is, and leaves the same on record', async () => {
      const recorded = async () =>
        (
          await sql<{ event: string }>(
            `select event from audit_entries where event in ('analytics.oauth_read', 'access.denied') order by id`,
          )
        ).map(({ event }) => event);
      const before = await recorded();
      const denied = await file('view=system-oauth&format=json&days=11');
      expect([denied.status, denied.body.code]).toEqual([403, 'role_missing']);
      const admin = await api().person({ roles: ['admin'], scopes: ['read'] });
      expect((await file('view=system-oauth', admin.token)).body.code).toBe('scope_missing');
      const expiresAt = new Date(Date.now() + 86_400_000);
      const { token: whole } = await createPersonalToken(rows.em, {
        ...{ userId: admin.id, name: 'whole', scopes: ['read', 'admin'], expiresAt },
      });
      const { status, body, name } = await file('view=system-oauth&format=json&days=11', whole);
      expect([status, body.items, name]).toEqual([200, [], expect.stringContaining('do-not-play-system-oauth-')]);
      expect((await recorded()).slice(before.length)).toEqual([
        'access.denied',
        'access.denied',
        'analytics.oauth_read',
      ]);
    });

    it.each(viewNames.filter((name) => name === 'comparative' || name.startsWith('system-')))(
      'of %s is what its endpoint says, value by value',
      async (view) => {
        const { token: admin } = await api().person({ roles: ['admin'], scopes: ['read', 'admin'] });
        const { body } = await call(view.replace('system-', 'system/'), admin);
        const moments = /T\d\d:\d\d:\d\d/;
        const still = (all: FlatFigure[]) =>
          all.map((one) =>
            moments.test(String(one.value)) || /seconds/i.test(one.figure) ? { ...one, value: 'a moment' } : one,
          );
        const told = still(flatFigures(body));
        expect(told.length).toBeGreaterThan(1);
        expect(still(flatFigures((await file(`view=${view}&format=json`, admin)).body))).toEqual(told);
        expect(
          still(ndjson((await file(`view=${view}&format=ndjson`, admin)).text) as unknown as FlatFigure[]),
        ).toEqual(told);
        const [, ...records] = parse((await file(`view=${view}`, admin)).text) as string[][];
        expect(records.map(([figure]) => figure)).toEqual(told.map(({ figure }) => figure));
      },
    );

    it.each([
      ['view=plays', 'query.view'],
      ['view=summary&format=xml', 'query.format'],
      ['view=time-series', 'query.metric'],
      ['view=time-series&metric=runs&from=2026-01-02&to=2026-01-01', 'query.to'],
      ['view=actions&from=2026-01-02&to=2026-01-01', 'query.to'],
      ['view=actions&limit=1000', 'query.limit'],
      ['', 'query.view'],
    ])('that is none: %s', async (search, path) => {
      const { status, body } = await file(search);
      expect([status, body.errors]).toEqual([400, [expect.objectContaining({ path })]]);
    });
  });
}
