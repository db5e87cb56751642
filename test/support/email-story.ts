import { announce } from '../../adapters/postgres/announcements';
import { takeWaiting } from '../../adapters/postgres/emails';
import { newId } from '../../adapters/postgres/ids';
import type { System } from './system';
import type { Told } from './whole-story';

/** A person whose address a provider has verified. */
export async function personWithAddress(system: System): Promise<{ userId: string; address: string }> {
  const [userId, address] = [newId(), `${newId()}@example.test`];
  const em = system.orm.em.fork();
  await em.execute(`insert into users (id, display_name, email) values (?, 'A Person', ?)`, [userId, address]);
  await em.execute(
    `insert into identities (id, user_id, provider, subject, email, email_verified) values (?, ?, 'google', ?, ?, true)`,
    [newId(), userId, newId(), address],
  );
  return { userId, address };
}

/** Tells a person that a connection waits for them; the id of the e-mail. */
export async function reconnectTold(system: System, userId: string): Promise<string> {
  const em = system.orm.em.fork();
  await em.transactional((tx) =>
    announce(tx, userId, {
      type: 'connection.needs_reconnect',
      params: { connectionId: newId(), provider: 'spotify', code: 'token_expired' },
    }),
  );
  const [row] = await em.execute<{ id: string }[]>(`select id from emails where user_id = ? order by id desc limit 1`, [
    userId,
  ]);
  if (!row) throw new Error('No e-mail was made.');
  return row.id;
}

/** An e-mail is sent, or dropped where the system has no mail server. */
export async function emailStory(system: System): Promise<Told[]> {
  const { userId } = await personWithAddress(system);
  const workflowId = `email:${await reconnectTold(system, userId)}`;
  for (const outboxId of await takeWaiting(system.orm.em.fork(), 1_000)) await system.dispatcher.start(outboxId);
  await system.client.workflow.getHandle(workflowId).result();
  return [{ name: 'send-email', workflowId }];
}
