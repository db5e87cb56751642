import { newId } from '../../../adapters/postgres/ids';
import type { MikroORM } from '../../../adapters/postgres/orm';
import { createVault, type SealContext, type Vault, type VaultKey } from '../../../adapters/vault/vault';

export const key = (kid: string, fill: number): VaultKey => ({ kid, key: Buffer.alloc(32, fill) });
/** As it stands in the environment. */
export const ringText = (keys: readonly VaultKey[]): string =>
  keys.map(({ kid, key: bytes }) => `${kid}:${Buffer.from(bytes).toString('base64url')}`).join(',');

export const oldKey = key('old', 1);
export const newKey = key('new', 2);
export const goneKey = key('gone', 3);

const seal = async (vault: Vault, text: string, context: SealContext) => (await vault.seal(text, context)).jwe;

/** A connection with tokens that are named after it, sealed by `vault`; its id. */
export async function sealedConnection(orm: MikroORM, vault: Vault): Promise<string> {
  const [userId, id] = [newId(), newId()];
  const em = orm.em.fork();
  await em.execute(`insert into users (id, display_name) values (?, 'A Person')`, [userId]);
  await em.execute(
    `insert into connections (id, user_id, provider, account_id, account_user_id, account_name, client_id, quota, scopes)
     values (?, ?, 'spotify', ?, ?, 'Somebody', 'client', 'quota', '{}')`,
    [id, userId, id, id],
  );
  await em.execute(
    `insert into credentials (owner_id, owner_type, provider, access_token, refresh_token, key_id, access_expires_at)
     values (?, 'connection', 'spotify', ?, ?, ?, now() + interval '1 hour')`,
    [
      id,
      await seal(vault, `access-${id}`, { sub: id, use: 'access' }),
      await seal(vault, `refresh-${id}`, { sub: id, use: 'refresh' }),
      vault.keyIds[0],
    ],
  );
  return id;
}

/** A flow that waits for its callback, and one that ended and forgot its secrets; the first one's id. */
export async function sealedFlow(orm: MikroORM, vault: Vault): Promise<string> {
  const [id, ended] = [newId(), newId()];
  const flow = await seal(vault, `flow-${id}`, { sub: id, use: 'flow' });
  const callback = await seal(vault, `callback-${id}`, { sub: id, use: 'callback' });
  for (const [rowId, secrets, kept] of [
    [id, flow, callback],
    [ended, '', null],
  ] as const)
    await orm.em.fork().execute(
      `insert into oauth_transactions (id, provider, purpose, state_hash, cookie_hash, return_to, redirect_uri, flow_secrets,
         callback_secrets, status, expires_at)
       values (?, 'apple', 'sign_in', ?, 'c', '/', '/', ?, ?, 'started', now() + interval '10 minutes')`,
      [rowId, `state-${rowId}`, secrets, kept],
    );
  return id;
}

/** A name that waits for its owner's next sign-in; its id. */
export async function sealedName(orm: MikroORM, vault: Vault): Promise<string> {
  const id = newId();
  await orm.em
    .fork()
    .execute(
      `insert into kept_names (id, provider, subject_hash, sealed, expires_at) values (?, 'apple', 'h', ?, now() + interval '1 day')`,
      [id, await seal(vault, `name-${id}`, { sub: id, use: 'name' })],
    );
  return id;
}

export const onlyOld = createVault([oldKey]);
export const onlyNew = createVault([newKey]);
export const onlyGone = createVault([goneKey]);
/** The new key first, the old one still there. */
export const both = createVault([newKey, oldKey]);
