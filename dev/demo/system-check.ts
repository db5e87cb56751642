import type { Addresses } from './addresses';
import { DemoFailure } from './demo-failure';

/**
 * Makes sure that there is a system to drive.
 *
 * @throws DemoFailure that says in one sentence what is missing and what to do
 */
export async function checkSystem({ api, sandbox }: Addresses): Promise<void> {
  const apiStatus = await statusOf(`${api}/readyz`);
  if (apiStatus === null)
    throw new DemoFailure(
      `Nothing answers at ${api}: start the system with npm start, wait until it is ready, and run this again.`,
    );
  if (apiStatus !== 200)
    throw new DemoFailure(
      `The system at ${api} is not ready (/readyz says ${apiStatus}): wait a moment and run this again.`,
    );
  if ((await statusOf(`${sandbox}/admin/users`)) !== 200)
    throw new DemoFailure(
      `The provider sandbox does not answer at ${sandbox}: the demo works with the sandbox's people only, not with real accounts.`,
    );
}

async function statusOf(url: string): Promise<number | null> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(10_000) })).status;
  } catch {
    return null;
  }
}
