import type { sandboxAdmin } from '../../dev/connected-account/sandbox-admin';

/** How many Web API calls the sandbox served while `work` ran. */
export async function countingCalls<T>(
  admin: ReturnType<typeof sandboxAdmin>,
  work: () => Promise<T>,
): Promise<{ calls: number; seconds: number; result: T }> {
  await admin.forgetCalls();
  const begun = performance.now();
  const result = await work();
  const seconds = (performance.now() - begun) / 1_000;
  const served = (await admin.calls()).filter(({ service }) => service === 'spotify');
  return { calls: served.reduce((sum, { count }) => sum + count, 0), seconds, result };
}
