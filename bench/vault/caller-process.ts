import { createCredentialAccess } from '../../adapters/postgres/credential-access';
import { openOrm } from '../../adapters/postgres/orm';
import { openTemporal } from '../../adapters/temporal/client';
import { createJoinRefresh } from '../../adapters/temporal/join-refresh';
import { loadConfig } from '../../adapters/environment/config';
import { createVault } from '../../adapters/vault/vault';

/** How many callers want the token of which connection at once. */
export interface CallersOrder {
  connectionId: string;
  callers: number;
}
/** How long each caller waited, in milliseconds, and how many different tokens they got; `failed` is what the others were told. */
export interface CallersAnswer {
  ready?: true;
  waitedMs: number[];
  tokens: number;
  failed: string[];
}

/** A process of whose callers each wants one token, as a worker's activities do. */
async function main(): Promise<void> {
  const config = loadConfig();
  const orm = await openOrm(config.DATABASE_URL, { max: 30 });
  const client = await openTemporal({ address: config.TEMPORAL_ADDRESS, namespace: config.TEMPORAL_NAMESPACE });
  const access = createCredentialAccess({
    orm,
    vault: createVault(config.VAULT_KEYS),
    joinRefresh: createJoinRefresh(client),
  });
  const tell = (answer: CallersAnswer) => process.send?.(answer);
  process.on('message', ({ connectionId, callers }: CallersOrder) => {
    const tokens = new Set<string>();
    const waitedMs: number[] = [];
    const failed: string[] = [];
    const call = async () => {
      const startedAt = performance.now();
      try {
        tokens.add((await access.forConnection(connectionId)).accessToken);
        waitedMs.push(performance.now() - startedAt);
      } catch (error) {
        failed.push((error as Error).message);
      }
    };
    void Promise.all(Array.from({ length: callers }, call)).then(() => tell({ waitedMs, tokens: tokens.size, failed }));
  });
  process.once('disconnect', () => process.exit(0));
  await orm.em.fork().execute('select 1');
  tell({ ready: true, waitedMs: [], tokens: 0, failed: [] });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
