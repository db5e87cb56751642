import { confirmMerge } from '../../../adapters/postgres/account-merge-decisions';
import { offerMerge } from '../../../adapters/postgres/account-merges';
import { newId } from '../../../adapters/postgres/ids';
import { createCredentialStore } from '../../../adapters/postgres/credentials';
import { unlinkIdentity } from '../../../adapters/postgres/identities';
import type { EntityManager } from '../../../adapters/postgres/orm';
import { createVault } from '../../../adapters/vault/vault';
import type { KillPoint } from '../../support/kill-points';
import { startSystem, type System } from '../../support/system';
import { startVictim } from '../../support/victim';

type Begin = (tx: EntityManager) => Promise<{ jobId: string; outboxId: string | null } | { denied: string }>;

/** Begins something, lets a worker die at a step of it, and waits until the next worker has ended it. */
async function survive(system: System, point: KillPoint, begin: Begin): Promise<string> {
  const victim = await startVictim(system);
  const begun = await system.orm.em.fork().transactional(begin);
  if ('denied' in begun || !begun.outboxId) throw new Error('nothing was begun');
  victim.work(point);
  await system.dispatcher.start(begun.outboxId);
  await victim.gone;
  await system.startWorkers();
  expect(await system.jobEnd(begun.jobId)).toMatchObject({ status: 'completed' });
  return begun.jobId;
}

async function person(system: System): Promise<{ id: string; identities: string[] }> {
  const id = newId();
  const em = system.orm.em.fork();
  await em.execute(`insert into users (id, display_name) values (?, 'A Person')`, [id]);
  const identities = [newId(), newId()];
  for (const identity of identities)
    await em.execute(`insert into identities (id, user_id, provider, subject) values (?, ?, 'google', ?)`, [
      identity,
      id,
      identity,
    ]);
  return { id, identities };
}

async function mergeThrough(point: KillPoint): Promise<void> {
  const system = await startSystem();
  try {
    const em = system.orm.em.fork();
    const [survivor, absorbed] = [await person(system), await person(system)];
    const ids = { survivorId: survivor.id, absorbedId: absorbed.id };
    const mergeId = await em.transactional((tx) => offerMerge(tx, { ...ids, flowId: newId() }));
    await survive(system, point, (tx) => confirmMerge(tx, { mergeId, survivorId: survivor.id, requestId: null }));
    const rows = await em.execute(`select id from identities where user_id = ?`, [survivor.id]);
    expect(rows).toHaveLength(4);
    const moves = await em.execute(`select row_id from account_merge_moves where table_name = 'identities'`);
    expect(moves).toHaveLength(2);
    const merged = await em.execute(`select id from audit_entries where event = 'account_merge.merged'`);
    expect(merged).toHaveLength(1);
  } finally {
    await system.close();
  }
}

async function unlinkThrough(point: KillPoint): Promise<void> {
  const system = await startSystem();
  try {
    const em = system.orm.em.fork();
    const { id: userId, identities } = await person(system);
    const identityId = identities[0]!;
    const store = createCredentialStore(system.orm, createVault(system.config.VAULT_KEYS));
    const tokens = { accessToken: 'gone already', refreshToken: null, expiresInSeconds: 3600 };
    await store.save(em, { id: identityId, type: 'identity', provider: 'google' }, tokens);
    const jobId = await survive(system, point, (tx) => unlinkIdentity(tx, { userId, identityId, requestId: null }));
    expect(await store.read(identityId)).toBeNull();
    const said = await em.execute(`select code, params from job_milestones where job_id = ?`, [jobId]);
    expect(said).toEqual([{ code: 'identity_unlinked', params: { provider: 'google', revokedAtProvider: 'true' } }]);
    const events = await em.execute(`select event from audit_entries where subject_id = ? order by id`, [identityId]);
    expect(events).toEqual([{ event: 'identity.unlinked' }, { event: 'identity.revoked' }]);
  } finally {
    await system.close();
  }
}

// The dead worker's step is taken over when its time is up, so these wait beside each other.
test('a worker that dies around the commit of a merge, or of an unlinking, leaves nothing half done', async () => {
  const at = (when: KillPoint['when'], label: string): KillPoint => ({ kind: 'commit', when, n: 1, label });
  await Promise.all([mergeThrough(at('after', 'mergeHoldings')), unlinkThrough(at('before', 'finishUnlink'))]);
  if (process.env.LONG)
    await Promise.all([mergeThrough(at('before', 'mergeHoldings')), unlinkThrough(at('after', 'finishUnlink'))]);
}, 300_000);
