import { noteSwitches } from '../../../../adapters/postgres/operator-switches';
import { outcome, type Caller, type Harness } from '../harness';
import { newOffense, planByCategory, setStatus, source, submitted } from './stage';

export function testSwitchedOff(set: () => Harness): void {
  let person: Caller;
  let id: string;
  let artistId: string;
  const start = (offenses: boolean) =>
    set()
      .api.deps.orm.em.fork()
      .transactional((tx) => noteSwitches(tx, { offenses }));
  const planStatus = async (planId: string) =>
    (
      await set().rows.em.execute<{ status: string; stale_reasons: string[] }[]>(
        `select status, stale_reasons from plans where id = ?`,
        [planId],
      )
    )[0];
  const recorded = async () =>
    (
      await set().rows.em.execute<{ event: string }[]>(
        `select event from audit_entries where event like 'offenses.switched%' order by id`,
      )
    ).map(({ event }) => event);

  beforeEach(async () => {
    await set().rows.em.execute(`delete from operator_switches`);
    person = await set().person();
    ({ id, artistId } = await submitted(set(), person));
    await setStatus(set(), id, 'sources_verified');
  });
  afterAll(() => start(true));

  it('none of it is there for anybody', async () => {
    await start(false);
    const staff = await set().person({ roles: ['moderator'] });
    for (const by of [person, staff])
      for (const answer of [
        await by.get('offense-categories'),
        await by.get('offenses'),
        await by.get(`offenses/${id}`),
        await by.send('POST', 'offenses', newOffense(artistId)),
        await by.send('PATCH', `offenses/${id}`, { version: 1 }),
        await by.send('POST', `offenses/${id}/evidence`, source()),
      ])
        expect(outcome(answer)).toEqual([404, 'offenses_disabled']);
    expect((await person.get(`artists/${artistId}`)).body.offenses).toBeNull();
    await start(true);
    expect((await person.get(`artists/${artistId}`)).body.offenses).toEqual({ verified: 1, contested: 0 });
    expect((await person.get(`offenses/${id}`)).status).toBe(200);
  });

  it('plans that rest on a category turn stale, once, and others do not', async () => {
    const byCategory = await planByCategory(set(), person.id, artistId);
    const rows = set().rows;
    const own = await rows.plan(person.id, await rows.connection(person.id));
    const [ownItem] = await rows.items(own, [{ uri: 'spotify:track:own', artistId }]);
    await rows.em.execute(
      `update plan_items set matches = jsonb_set(matches, '{0,sources}', '[{"kind":"own"},{"kind":"category","category":"fraud","offenseIds":[]}]') where id = ?`,
      [ownItem],
    );
    const making = await rows.plan(person.id, await rows.connection(person.id), { status: 'preparing' });
    const another = await set().person();
    const anothers = await rows.plan(another.id, await rows.connection(another.id), { status: 'preparing' });
    const before = await recorded();
    await start(true);
    expect(await planStatus(byCategory)).toEqual({ status: 'ready', stale_reasons: [] });
    await Promise.all([start(false), start(false)]);
    expect(await planStatus(byCategory)).toEqual({ status: 'stale', stale_reasons: ['offenses_disabled'] });
    expect(await planStatus(making)).toEqual({ status: 'preparing', stale_reasons: ['offenses_disabled'] });
    expect(await planStatus(own)).toEqual({ status: 'ready', stale_reasons: [] });
    expect(await planStatus(anothers)).toEqual({ status: 'preparing', stale_reasons: [] });
    const since = await planByCategory(set(), person.id, artistId);
    await start(false);
    await start(true);
    expect(await planStatus(since)).toEqual({ status: 'ready', stale_reasons: [] });
    expect((await recorded()).slice(before.length)).toEqual(['offenses.switched_off', 'offenses.switched_on']);
  });
}
