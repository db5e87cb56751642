import { createCredentialAccess, type CredentialAccess } from '../../adapters/postgres/credential-access';
import type { MikroORM } from '../../adapters/postgres/orm';
import type { Vault } from '../../adapters/vault/vault';
import { atMost, type Figure, median, percentile, reported } from '../report';
import { makeConnections } from './connections';

const reads = 5_000;
const warmUp = 500;

/** Tokens that have time left; a read that wanted a refresh would fail. */
export function freshAccess(orm: MikroORM, vault: Vault): CredentialAccess {
  return createCredentialAccess({
    orm,
    vault,
    joinRefresh: () => Promise.reject(new Error('A fresh token needs no refresh.')),
  });
}

/** One read after another of tokens that have time left, each of another connection, beside a bare query each. */
export async function benchReads({ orm, vault }: { orm: MikroORM; vault: Vault }): Promise<Figure[]> {
  const ids = await makeConnections(orm, vault, 1_000, { secondsLeft: 3_600, dueWithin: 864_000 });
  const access = freshAccess(orm, vault);
  const took: number[] = [];
  const bare: number[] = [];
  for (let n = 0; n < warmUp + reads; n += 1) {
    const startedAt = performance.now();
    await access.forConnection(ids[n % ids.length] ?? '');
    const readAt = performance.now();
    await orm.em.getConnection().execute('select 1');
    if (n < warmUp) continue;
    took.push(readAt - startedAt);
    bare.push(performance.now() - readAt);
  }
  return [
    reported('a bare query beside each read: p50', median(bare), 'ms'),
    reported('a bare query beside each read: p99', percentile(bare, 0.99), 'ms'),
    atMost(1, 'reading a fresh token: p50', median(took), 'ms'),
    atMost(6, 'reading a fresh token: p99', percentile(took, 0.99), 'ms'),
  ];
}
