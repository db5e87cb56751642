import { createHash } from 'node:crypto';
import type { Vault } from '../vault/vault';
import { newId } from './ids';
import type { EntityManager } from './orm';

/** A name with what proves whose it is: the id_token that came with it, and the nonce of its flow. */
export interface KeptName {
  name: string;
  idToken: string;
  nonce: string;
}

/** Days that a name waits for a flow that ends well. */
const keptDays = 180;

const hash = (provider: string, subject: string) => createHash('sha256').update(`${provider}:${subject}`).digest('hex');

/** Keeps a name, sealed, under the stable id that its id_token claims; whoever uses it checks that claim. */
export async function keepName(
  em: EntityManager,
  vault: Vault,
  { provider, subject, ...kept }: KeptName & { provider: string; subject: string },
): Promise<void> {
  const id = newId();
  const { jwe } = await vault.seal(JSON.stringify(kept), { sub: id, use: 'name' });
  await em.execute(
    `insert into kept_names (id, provider, subject_hash, sealed, expires_at)
     values (?, ?, ?, ?, now() + make_interval(days => ?))`,
    [id, provider, hash(provider, subject), jwe, keptDays],
  );
}

/** The names that are kept under a stable id, newest first. One that can't be opened any more is left out. */
export async function keptNames(
  em: EntityManager,
  vault: Vault,
  { provider, subject }: { provider: string; subject: string },
): Promise<KeptName[]> {
  const rows = await em.execute<{ id: string; sealed: string }[]>(
    `select id, sealed from kept_names where provider = ? and subject_hash = ? order by id desc limit 20`,
    [provider, hash(provider, subject)],
  );
  const opened = await Promise.all(
    rows.map(({ id, sealed }) => vault.open(sealed, { sub: id, use: 'name' }).catch(() => null)),
  );
  return opened.flatMap((text) => (text === null ? [] : [JSON.parse(text) as KeptName]));
}

/** Forgets the names under a stable id: one of them is used now, or none was true. */
export async function forgetNames(
  em: EntityManager,
  { provider, subject }: { provider: string; subject: string },
): Promise<void> {
  await em.execute(`delete from kept_names where provider = ? and subject_hash = ?`, [
    provider,
    hash(provider, subject),
  ]);
}
