import { hostHolder } from './engines-setup';

/** Lets go of the engines host and waits until it has stopped everything. */
export default async function teardown(): Promise<void> {
  const child = hostHolder.dnpEnginesHost?.child;
  if (!child || child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  if (child.connected) child.disconnect();
  await ended;
}
