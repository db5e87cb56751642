import { EntityManager } from '@mikro-orm/core';
import { WorkflowClient } from '@temporalio/client';

/**
 * The API as a process that ends itself by SIGKILL around one of its steps, named by `DNP_API_KILL`: `before start` and
 * `after start` of a workflow, `before session` and `after session`, the commit that hands a session out.
 */
const fatal = process.env.DNP_API_KILL ?? '';
const pass = (step: string) => {
  if (step === fatal) process.kill(process.pid, 'SIGKILL');
};

type Call = (...all: unknown[]) => Promise<unknown>;
const client = WorkflowClient.prototype as unknown as { start: Call };
const { start } = client;
client.start = async function (...all) {
  pass('before start');
  const handle = await start.apply(this, all);
  pass('after start');
  return handle;
};

const manager = EntityManager.prototype as unknown as { transactional: Call };
const { transactional } = manager;
manager.transactional = async function (...all) {
  const [work, ...rest] = all as [Call, ...unknown[]];
  const ofSession = /deliver-session/.test(new Error().stack ?? '');
  const done = await transactional.call(
    this,
    async (tx: unknown) => {
      const result = await work(tx);
      if (ofSession) pass('before session');
      return result;
    },
    ...rest,
  );
  if (ofSession) pass('after session');
  return done;
};

// Only now, so that what it imports is what was changed above.
void import('../../api/server.js');
