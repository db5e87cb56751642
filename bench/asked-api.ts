import { newId } from '../adapters/postgres/ids';
import type { MikroORM } from '../adapters/postgres/orm';
import { freePort } from '../dev/engines/free-port';
import type { Cleanup } from './cleanup';
import { startApiProcess } from './processes';
import { tokenOf } from './somebody-asking';

/** Asks below `/api/v1/`, as one person. */
export type Ask = (path: string) => Promise<Response>;

/** An API process of the bench's own, asked by a person who keeps a thousand artists out. */
export async function startAskedApi(
  orm: MikroORM,
  environment: Record<string, string>,
  cleanup: Cleanup,
): Promise<Ask> {
  const url = await startApiProcess(cleanup, {
    NODE_ENV: 'development',
    LOG_LEVEL: 'error',
    RATE_LIMIT_REQUESTS: '1000000',
    API_PORT: String(await freePort()),
    METRICS_PORT: String(await freePort()),
    VAULT_KEYS: `bench:${Buffer.alloc(32, 7).toString('base64url')}`,
    ...environment,
  });
  const em = orm.em.fork();
  const userId = newId();
  await em.execute(`insert into users (id, display_name) values (?, 'Somebody')`, [userId]);
  await em.execute(
    `insert into blocks (user_id, artist_id) select ?, id from (select id from artists order by random() limit 1000) as picked`,
    [userId],
  );
  const token = await tokenOf(em, userId);
  return (path) => fetch(`${url}/api/v1/${path}`, { headers: { authorization: `Bearer ${token}` } });
}
