import { releaseComparison } from '../../../adapters/postgres/comparative-releases';
import { countCompared } from '../../../adapters/postgres/compared-people';
import { closeDays } from '../../../adapters/postgres/figure-closing';
import { newId } from '../../../adapters/postgres/ids';
import { noteSwitches } from '../../../adapters/postgres/operator-switches';
import type { ComparedGroup } from '../../../domain/privacy/comparison';
import type { Noise } from '../../../domain/privacy/discrete-laplace';
import { countsOf } from '../../unit/domain/privacy/people';
import type { ApiUnderTest } from './api-under-test';

const settings = { epsilonMilli: 250, capMilli: 600, everyDays: 28, threshold: 10 };
const silence: Noise = () => 0;

/** What others look like is released of closed days, once each, as long as the budget pays for it. */
export function comparativeScenes(api: () => ApiUnderTest): void {
  const em = () => api().deps.orm.em.fork();
  const rows = <T>(sql: string, values: unknown[] = []) => em().execute<T[]>(sql, values);
  const release = (noise?: Noise, how = settings) => em().transactional((tx) => releaseComparison(tx, how, noise));
  const yesterday = async () => (await rows<{ day: string }>(`select (utc_day(now()) - 1)::text as day`))[0]?.day ?? '';
  const read = async (token: string) => api().call('GET', '/api/v1/analytics/comparative', { token });
  const figures = (userId: string, day: string, { group, blocks, items }: Numbers) =>
    rows(
      `insert into person_figures (user_id, figure, day, provider, kind, outcome, n)
       select ?, figure, ?::date, provider, 'x', '', n from (values ('blocks', '', ?::bigint), ('items_kept_out', 'spotify', ?),
         ('runs', 'spotify', ?), ('runs', 'apple_music', ?)) v(figure, provider, n) where n <> 0`,
      [userId, day, blocks, items, Number(group !== 'apple_music'), Number(group !== 'spotify')],
    );
  interface Numbers {
    group: ComparedGroup;
    blocks: number;
    items: number;
  }
  /** As if the last closing had been so many days ago. */
  const closedTo = (daysAgo: number) =>
    rows(`update figure_closing set closed_to = utc_day(now()) - ?::int`, [daysAgo]);

  let me: { id: string; token: string };
  const people: { group: ComparedGroup; blocks: number; items_kept_out: number }[] = [];
  beforeAll(async () => {
    await rows(`delete from person_figures`);
    me = await api().person();
    await figures(me.id, await yesterday(), { group: 'spotify', blocks: 4, items: 30 });
    people.push({ group: 'spotify', blocks: 4, items_kept_out: 30 });
    for (let n = 0; n < 40; n += 1) {
      const id = newId();
      await rows(`insert into users (id, display_name) values (?, 'x')`, [id]);
      const group = n < 24 ? 'spotify' : n < 38 ? 'apple_music' : 'both';
      const numbers = { group, blocks: (n * 37) % 700, items: (n * 91) % 3_000 } as const;
      await figures(id, await yesterday(), numbers);
      people.push({ group, blocks: numbers.blocks, items_kept_out: numbers.items });
      // What happens on a day that is not over is in no count.
      await rows(
        `insert into person_figures (user_id, figure, day, provider, kind, outcome, n) values (?, 'blocks', utc_day(now()), '', 'x', '', 500)`,
        [id],
      );
    }
  });

  it('nothing is told before a day is closed', async () => {
    await rows(`update figure_closing set closed_to = null`);
    expect(await release()).toBe('nothing_closed');
    expect((await read(me.token)).body).toMatchObject({
      release: null,
      emptyReason: 'no_release_yet',
      budget: { spent: 0, exhausted: false, nextDay: null },
      you: { group: 'spotify', blocks: 4, itemsKeptOut: 30 },
      groups: [],
    });
  });

  it('the database counts people into groups and classes as the rules do', async () => {
    await em().transactional((tx) => closeDays(tx, 1_000));
    expect(await countCompared(em(), await yesterday())).toEqual(countsOf(people));
  });

  it('whoever dies in the middle has released nothing and spent nothing, and a day is released once', async () => {
    const death = em().transactional(async (tx) => {
      expect(await releaseComparison(tx, settings, silence)).toBe('released');
      throw new Error('dies');
    });
    await expect(death).rejects.toThrow('dies');
    expect(await rows(`select day from privacy_spends`)).toEqual([]);
    await closedTo(40);
    await rows(`update person_figures set day = day - 39`);
    expect(await Promise.all([release(silence), release(silence), release(silence)])).toEqual(
      Array(3).fill('released'),
    );
    expect(await rows(`select epsilon_milli from privacy_spends`)).toEqual([{ epsilon_milli: 250 }]);
    expect(await rows(`select threshold from comparative_releases`)).toEqual([{ threshold: 10 }]);
  });

  it('groups that are too small are not told of, nor those that would tell of them, and each reads their own place', async () => {
    const { status, body } = await read(me.token);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      release: { epsilon: 0.25, delta: 0, threshold: 10, protects: 'one_persons_whole_presence' },
      budget: { spent: 0.25, cap: 6, exhausted: false },
      groups: [
        { group: 'all', suppressed: null, people: 41, metrics: [{ metric: 'blocks', percentile: 5 }, {}] },
        { group: 'spotify', suppressed: null, people: 25 },
        { group: 'apple_music', suppressed: { reason: 'complementary' }, people: null, metrics: null },
        { group: 'both', suppressed: { reason: 'too_few_people' }, people: null, metrics: null },
      ],
    });
    const [stored] = await rows<{ groups: { group: string; people: number | null }[] }>(
      `select groups from comparative_releases`,
    );
    expect(stored?.groups.filter(({ people }) => people !== null).map(({ group }) => group)).toEqual([
      'all',
      'spotify',
    ]);
  });

  it('the answer is the same however often it is asked for, and whatever changes meanwhile', async () => {
    const before = await read(me.token);
    await rows(`delete from users where id in (select user_id from person_figures where user_id <> ? limit 20)`, [
      me.id,
    ]);
    for (let n = 0; n < 5; n += 1) expect((await read(me.token)).body).toEqual(before.body);
    const { token } = await api().person();
    const other = (await read(token)).body as { groups: object[]; you: object; release: object };
    expect(other.you).toEqual({ group: null, blocks: 0, itemsKeptOut: 0 });
    expect(other.release).toEqual(before.body.release);
  });

  it('the next one waits for its time and for the budget, which then is spent for good', async () => {
    await closedTo(13);
    expect(await release()).toBe('not_due');
    await closedTo(12);
    expect(await release()).toBe('released');
    expect((await read(me.token)).body).toMatchObject({ budget: { spent: 0.5, exhausted: false } });
    await closedTo(1);
    expect(await release(undefined, { ...settings, everyDays: 1 })).toBe('budget_spent');
    expect(await rows(`select day from privacy_spends`)).toHaveLength(2);
    expect(await release(undefined, { ...settings, everyDays: 1, capMilli: 750 })).toBe('released');
    const refused = rows(`update privacy_spends set epsilon_milli = 0`);
    await expect(refused).rejects.toThrow(/permission denied|only ever added/);
    await expect(rows(`delete from comparative_releases`)).rejects.toThrow(/permission denied|only ever added/);
  });

  it('where it is switched off nothing is shown, and nothing is released', async () => {
    const turn = (on: boolean) => em().transactional((tx) => noteSwitches(tx, { comparative_analytics: on }));
    await turn(false);
    const { status, body } = await read(me.token);
    expect([status, body.code]).toEqual([404, 'comparative_analytics_disabled']);
    expect(await release(undefined, { ...settings, everyDays: 1, capMilli: 9_000 })).toBe('switched_off');
    await turn(true);
    expect((await read(me.token)).status).toBe(200);
    expect(
      await rows(`select event from audit_entries where event like 'comparative_analytics.%' order by id`),
    ).toEqual([{ event: 'comparative_analytics.switched_off' }, { event: 'comparative_analytics.switched_on' }]);
  });
}
