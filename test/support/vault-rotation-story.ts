import { newId } from '../../adapters/postgres/ids';
import { rotationWorkflowId, startVaultRotation } from '../../adapters/postgres/vault-rotation-start';
import type { System } from './system';
import type { Told } from './whole-story';

/** An admin has everything sealed anew. */
export async function vaultRotationStory(system: System): Promise<Told[]> {
  const adminId = newId();
  const keyId = system.config.VAULT_KEYS[0]?.kid ?? '';
  const em = system.orm.em.fork();
  await em.execute(`insert into users (id, display_name) values (?, 'An Admin')`, [adminId]);
  const { jobId, outboxId } = await em.transactional((tx) =>
    startVaultRotation(tx, { userId: adminId, keyId, requestId: null }),
  );
  await system.dispatcher.start(outboxId ?? '');
  await system.jobEnd(jobId);
  await system.client.workflow.getHandle(rotationWorkflowId).result();
  return [{ name: 'rotate-vault-keys', workflowId: rotationWorkflowId }];
}
