import { newId } from '../../adapters/postgres/ids';
import { openOrm, type MikroORM } from '../../adapters/postgres/orm';
import { forgetAnnouncements } from '../../adapters/postgres/person-events';
import { createTestDatabase, type TestDatabase } from '../support/engines';

let database: TestDatabase;
let orm: MikroORM;
beforeAll(async () => {
  database = await createTestDatabase();
  orm = await openOrm(database.url, { max: 2 });
});
afterAll(async () => {
  await orm?.close(true);
});

it('forgets events and messages after a week, and no notification', async () => {
  const em = orm.em.fork();
  const [userId, webhookId] = [newId(), newId()];
  await em.execute(`insert into users (id, display_name) values (?, 'A Person')`, [userId]);
  await em.execute(
    `insert into webhooks (id, user_id, url, secret, former_secret, former_secret_until)
     values (?, ?, 'https://hooks.example/', 'sealed', 'former', now() - interval '1 second')`,
    [webhookId, userId],
  );
  for (const [type, age] of [
    ['old', '7 days 1 hour'],
    ['young', '6 days 23 hours'],
  ]) {
    await em.execute(`insert into person_events (user_id, type, created_at) values (?, ?, now() - ?::interval)`, [
      userId,
      type,
      age,
    ]);
    await em.execute(
      `insert into webhook_deliveries (id, webhook_id, type, created_at) values (?, ?, ?, now() - ?::interval)`,
      [newId(), webhookId, type, age],
    );
    await em.execute(
      `insert into notifications (id, user_id, type, subject_id, created_at) values (?, ?, ?, ?, now() - ?::interval)`,
      [newId(), userId, type, newId(), age],
    );
  }
  await forgetAnnouncements(em);
  expect(await em.execute(`select secret, former_secret from webhooks`)).toEqual([
    { secret: 'sealed', former_secret: null },
  ]);
  const left = (table: string) => em.execute(`select type from ${table} order by type`);
  expect(await left('person_events')).toEqual([{ type: 'young' }]);
  expect(await left('webhook_deliveries')).toEqual([{ type: 'young' }]);
  expect(await left('notifications')).toEqual([{ type: 'old' }, { type: 'young' }]);
});
