import { confirmMerge, undoMerge, type MergeDecision } from '../../adapters/postgres/account-merge-decisions';
import { offerMerge } from '../../adapters/postgres/account-merges';
import { createCredentialStore } from '../../adapters/postgres/credentials';
import { unlinkIdentity } from '../../adapters/postgres/identities';
import { newId } from '../../adapters/postgres/ids';
import type { EntityManager } from '../../adapters/postgres/orm';
import { createVault } from '../../adapters/vault/vault';
import type { System } from './system';
import type { Told } from './whole-story';

/** Two accounts become one and two again, once as asked and once with a run in the way; a sign-in account is removed. */
export async function accountMergeStory(system: System): Promise<Told[]> {
  const em = () => system.orm.em.fork();
  const [survivorId, absorbedId] = [await person(em()), await person(em())];
  const who = { survivorId, requestId: null };
  const offer = () => em().transactional((tx) => offerMerge(tx, { survivorId, absorbedId, flowId: newId() }));
  const begin = async (decide: (tx: EntityManager) => Promise<MergeDecision>, meanwhile?: () => Promise<unknown>) => {
    const begun = await em().transactional(decide);
    if ('denied' in begun || !begun.outboxId) throw new Error('denied');
    await meanwhile?.();
    await system.dispatcher.start(begun.outboxId);
    await system.jobEnd(begun.jobId);
    return begun.jobId;
  };
  const aRun = () => activeRun(em(), survivorId);
  const noRun = () => em().execute(`delete from connections where user_id = ?`, [survivorId]);

  const refused = await offer();
  await begin((tx) => confirmMerge(tx, { mergeId: refused, ...who }), aRun);
  await noRun();
  const mergeId = await offer();
  await begin((tx) => confirmMerge(tx, { mergeId, ...who }));
  const undoRefused = await begin((tx) => undoMerge(tx, { mergeId, ...who }), aRun);
  await noRun();
  const undone = await begin((tx) => undoMerge(tx, { mergeId, ...who }));

  const [identity] = await em().execute<{ id: string }[]>(`select id from identities where user_id = ?`, [survivorId]);
  const identityId = identity?.id ?? '';
  const store = createCredentialStore(system.orm, createVault(system.config.VAULT_KEYS));
  const tokens = { accessToken: newId(), refreshToken: null, expiresInSeconds: 3600 };
  await store.save(em(), { id: identityId, type: 'identity', provider: 'google' }, tokens);
  await begin((tx) => unlinkIdentity(tx, { userId: survivorId, identityId, requestId: null }));

  return [
    { name: 'merge-accounts-refused', workflowId: `merge-accounts:${refused}` },
    { name: 'merge-accounts', workflowId: `merge-accounts:${mergeId}` },
    { name: 'undo-merge-refused', workflowId: `undo-merge:${undoRefused}` },
    { name: 'undo-merge', workflowId: `undo-merge:${undone}` },
    { name: 'unlink-identity', workflowId: `unlink-identity:${identityId}` },
  ];
}

/** Somebody with two sign-in accounts. */
async function person(em: EntityManager): Promise<string> {
  const id = newId();
  await em.execute(`insert into users (id, display_name) values (?, 'A Person')`, [id]);
  for (const subject of [newId(), newId()])
    await em.execute(`insert into identities (id, user_id, provider, subject) values (?, ?, 'google', ?)`, [
      newId(),
      id,
      subject,
    ]);
  return id;
}

async function activeRun(em: EntityManager, userId: string): Promise<void> {
  const connectionId = newId();
  await em.execute(
    `insert into connections (id, user_id, provider, account_id, account_user_id, account_name, client_id, quota)
     values (?, ?, 'spotify', ?, 'me', 'Somebody', 'client', 'none')`,
    [connectionId, userId, connectionId],
  );
  await em.execute(
    `insert into runs (id, user_id, connection_id, job_id, run_type, epoch) values (?, ?, ?, ?, 'enforce', 1)`,
    [newId(), userId, connectionId, newId()],
  );
}
