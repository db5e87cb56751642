/** Ctrl-C arrives twice, from the terminal and from npm; a repeat this soon is the same wish. */
const SAME_WISH_MS = 1_000;
const LOOK_AT_PARENT_MS = 1_000;

/** Calls `stop` at the first wish to end and `force` at a later one. */
export function onStopRequests(stop: (why: string) => void, force: () => void): void {
  let first: number | null = null;
  const wish = (why: string) => {
    if (first === null) {
      first = Date.now();
      stop(why);
    } else if (Date.now() - first > SAME_WISH_MS) {
      force();
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => wish(signal));
  // With its terminal gone, a write must not end us before the engines are stopped.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  if (process.env.npm_lifecycle_event) noticeLostParent(process.ppid, () => first ?? wish('npm has ended'));
}

/** npm killed by force can't pass a signal on; its child sees only that its parent has changed. */
function noticeLostParent(parent: number, lost: () => void): void {
  setInterval(() => {
    if (process.ppid !== parent) lost();
  }, LOOK_AT_PARENT_MS).unref();
}
