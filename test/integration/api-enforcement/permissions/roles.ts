import { changeRole } from '../../../../adapters/postgres/role-changes';
import { allPages, itemsOf, outcome, unknownId, type Caller, type Harness } from '../harness';

export function testRoles(set: () => Harness): void {
  let boss: Caller;
  let person: Caller;
  const sql = <T>(statement: string, values: unknown[] = []) => set().rows.em.execute<T[]>(statement, values);
  const admin = (email?: string) =>
    set().person({ roles: ['admin'], scopes: ['read', 'write', 'admin'], ...(email ? { email } : {}) });
  const put = (who: Caller, id: string, role: string) => who.send('PUT', `admin/users/${id}/roles/${role}`);
  const take = (who: Caller, id: string, role: string) => who.send('DELETE', `admin/users/${id}/roles/${role}`);
  const rolesOf = async (id: string) =>
    (await sql<{ role: string }>(`select role from user_roles where user_id = ? order by role`, [id])).map(
      ({ role }) => role,
    );
  const recorded = (id: string) =>
    sql(
      `select actor_id, event, outcome, details from audit_entries where subject_type = 'user' and subject_id = ? order by id`,
      [id],
    );

  beforeEach(async () => {
    await sql(`delete from user_roles`);
    [boss, person] = [await admin(), await set().person()];
  });

  it('are given and taken by admins, count on the next request, and are on record once', async () => {
    expect(outcome(await person.get('artist-merges'))).toEqual([403, 'role_missing']);
    expect((await put(boss, person.id, 'moderator')).body).toMatchObject({ id: person.id, roles: ['moderator'] });
    await put(boss, person.id, 'moderator');
    expect((await person.get('artist-merges')).status).toBe(200);
    expect((await take(boss, person.id, 'moderator')).body).toMatchObject({ id: person.id, roles: [] });
    await take(boss, person.id, 'moderator');
    expect(outcome(await person.get('artist-merges'))).toEqual([403, 'role_missing']);
    const done = { actor_id: boss.id, outcome: 'done', details: { role: 'moderator' } };
    expect(await recorded(person.id)).toEqual([
      { event: 'role.granted', ...done },
      { event: 'role.taken', ...done },
    ]);
  });

  it('are given by nobody to themselves, which is on record', async () => {
    expect(outcome(await put(boss, boss.id, 'moderator'))).toEqual([403, 'own_case']);
    expect(await rolesOf(boss.id)).toEqual(['admin']);
    const details = { role: 'moderator', code: 'own_case' };
    expect(await recorded(boss.id)).toEqual([{ actor_id: boss.id, event: 'role.grant', outcome: 'denied', details }]);
  });

  it('are given to nobody who is not there, and only such as there are', async () => {
    expect(outcome(await put(boss, unknownId, 'admin'))).toEqual([404, 'not_found']);
    expect(outcome(await put(boss, person.id, 'king'))).toEqual([404, 'not_found']);
    await sql(`update users set merged_into = ? where id = ?`, [boss.id, person.id]);
    expect(outcome(await put(boss, person.id, 'admin'))).toEqual([404, 'not_found']);
  });

  it('leave an admin: the last who is not suspended gives it up in vain', async () => {
    const resting = await admin();
    await boss.send('POST', `admin/users/${resting.id}/suspend`, { reason: 'A rest' });
    expect(outcome(await take(boss, boss.id, 'admin'))).toEqual([409, 'last_admin']);
    expect((await boss.send('POST', `admin/users/${resting.id}/unsuspend`)).status).toBe(200);
    expect((await take(boss, boss.id, 'admin')).status).toBe(200);
    expect(outcome(await take(boss, resting.id, 'admin'))).toEqual([403, 'role_missing']);
  });

  it('leave one of two admins who take each other’s, or give up their own, at the same moment', async () => {
    const { orm } = set().api.deps;
    for (let round = 0; round < 4; round += 1) {
      await sql(`delete from user_roles`);
      const [one, other] = [await admin(), await admin()];
      const each = [one, other].map(({ id: actorId }) => {
        const userId = round % 2 === 0 ? actorId : actorId === one.id ? other.id : one.id;
        const change = { verb: 'take', role: 'admin', actorId, userId, requestId: null } as const;
        return orm.em.fork().transactional((tx) => changeRole(tx, change));
      });
      const code = round % 2 === 0 ? 'last_admin' : 'role_missing';
      expect(await Promise.all(each)).toEqual(expect.arrayContaining([{ changed: true }, { denied: code }]));
      expect(await sql(`select from user_roles where role = 'admin'`)).toHaveLength(1);
    }
  });

  it('are seen in a list, by name, address, id, role and suspension', async () => {
    const found = await admin('some_one@example.test');
    await boss.send('POST', `admin/users/${person.id}/suspend`, { reason: 'A rest' });
    const list = async (query: string) => itemsOf(await boss.get(`admin/users?${query}`)).map(({ id }) => id);
    expect(await list('query=some_')).toEqual([found.id]);
    expect(await list('query=SOME_ONE@EXAMPLE')).toEqual([found.id]);
    expect(await list(`query=${found.id}`)).toEqual([found.id]);
    expect(await list('role=admin')).toEqual([found.id, boss.id]);
    expect(await list('role=admin&suspended=true')).toEqual([]);
    expect(await list('suspended=true')).toContain(person.id);
    expect((await boss.get('admin/users?query=%25')).body).toMatchObject({ items: [], emptyReason: 'nothing_matches' });
    const pages = (await allPages(boss, 'admin/users?role=admin', 1)).map(({ id }) => id);
    expect(pages).toEqual([found.id, boss.id]);
    expect(outcome(await boss.get('admin/users?suspended=perhaps'))).toEqual([400, 'invalid_request']);
  });

  it('and looking at people is on record, without what was looked for', async () => {
    await boss.get('admin/users?query=somebody');
    const [row] = await sql(
      `select event, outcome, details from audit_entries where actor_id = ? order by id desc limit 1`,
      [boss.id],
    );
    expect(row).toEqual({ event: 'user.listed', outcome: 'done', details: { searched: true, listed: 0 } });
  });
}
