import { closeDays, noteChangedDays } from '../../../adapters/postgres/figure-closing';
import { newId } from '../../../adapters/postgres/ids';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { systemFigures } from '../../../adapters/postgres/system-figures';
import { figures } from '../../../domain/figures';

const all = { from: '2000-01-01', to: '2100-01-01' };

/** Days are closed, and what changes, goes or is under way meanwhile is neither lost nor counted twice. */
export function closingScenes(entities: () => EntityManager): void {
  const em = () => entities().fork();
  const read = async () => Promise.all(figures.map((figure) => systemFigures(em(), { figure, ...all })));
  const counted = async () =>
    Promise.all(
      figures.map(async (figure) =>
        (
          await em().execute<{ n: string }[]>(
            `select day::text, provider, kind, outcome, sum(n) as n from person_figures where figure = ?
             group by 1, 2, 3, 4 having sum(n) <> 0 order by 1, 2, 3, 4`,
            [figure],
          )
        ).map((row) => ({ ...row, n: Number(row.n) })),
      ),
    );
  const kept = () =>
    em().execute<{ day: string; n: number }[]>(
      `select day::text, sum(n)::int as n from system_figures where figure = 'items_kept_out' and provider = 'spotify' group by 1 order by 1`,
    );
  const person = async () => {
    const id = newId();
    await em().execute(`insert into users (id, display_name) values (?, 'x')`, [id]);
    return id;
  };
  const put = (tx: EntityManager, userId: string, day: string, n: number) =>
    tx.execute(
      `insert into person_figures as f (user_id, figure, day, provider, kind, outcome, n) values (?, 'items_kept_out', ${day}, 'spotify', 'unlike_track', '', ?)
       on conflict (user_id, figure, day, provider, kind, outcome) do update set n = f.n + excluded.n, changed_at = now()`,
      [userId, n],
    );
  const slice = (most: number) => em().transactional((tx) => closeDays(tx, most));
  const close = async (most = 100) => {
    await em().transactional(noteChangedDays);
    let closed = 0;
    for (;;) {
      const done = await slice(most);
      closed += done.closed;
      if (!done.more) return closed;
    }
  };
  const holds = async () => expect(await read()).toEqual(await counted());

  test('what is over is summed once, in slices, and today is counted as it comes', async () => {
    const [one, other] = [await person(), await person()];
    for (const day of [`'2026-01-30'`, `'2026-02-28'`, `utc_day(now()) - 1`, `utc_day(now())`]) {
      await put(em(), one, day, 2);
      await put(em(), other, day, 3);
    }
    await holds();
    const days = await close(40);
    expect(days).toBeGreaterThan(200);
    await holds();
    expect(await kept()).toEqual([
      { day: '2026-01-30', n: 5 },
      { day: '2026-02-28', n: 5 },
      { day: expect.any(String), n: 5 },
    ]);
    await put(em(), one, `utc_day(now())`, 1);
    await holds();
  });

  test('a closed day that changes, or loses a person’s figures, is summed anew', async () => {
    const leaving = await person();
    await put(em(), leaving, `'2026-01-30'`, 10);
    expect(await close()).toBeGreaterThan(0);
    await holds();
    await em().execute(`delete from users where id = ?`, [leaving]);
    await holds();
    expect(await close()).toBeGreaterThan(0);
    await holds();
    expect((await kept())[0]).toEqual({ day: '2026-01-30', n: 5 });
  });

  test('whoever dies in the middle of it has changed nothing', async () => {
    await put(em(), await person(), `'2026-01-31'`, 7);
    await em().transactional(noteChangedDays);
    const before = await kept();
    const death = em().transactional(async (tx) => {
      expect((await closeDays(tx, 100)).closed).toBeGreaterThan(0);
      throw new Error('dies');
    });
    await expect(death).rejects.toThrow('dies');
    expect(await kept()).toEqual(before);
    await holds();
    expect((await slice(100)).more).toBe(false);
    expect((await kept())[1]).toEqual({ day: '2026-01-31', n: 7 });
  });

  test('what is under way while days are closed is found by the next closing', async () => {
    const late = await person();
    const began = await em().transactional(async (tx) => {
      await put(tx, late, `'2026-02-01'`, 4);
      await close();
      expect((await kept()).map(({ day }) => day)).not.toContain('2026-02-01');
      const [clock] = await tx.execute<{ now: string }[]>(`select date_trunc('milliseconds', now())::text as now`);
      return clock?.now;
    });
    const [closing] = await em().execute<{ soon: boolean }[]>(
      `select looked_to <= ?::timestamptz as soon from figure_closing`,
      [began],
    );
    expect(closing).toEqual({ soon: true });
    expect(await close()).toBeGreaterThan(0);
    expect(await kept()).toContainEqual({ day: '2026-02-01', n: 4 });
    await holds();
  });
}
