/** A terminal and npm both pass Ctrl-C on, so one press may arrive twice. Milliseconds. */
const samePress = 1_000;

/** Calls `stop` on the first Ctrl-C or SIGTERM; a second press ends the process at once. */
export function onInterrupt(stop: () => void): void {
  let first: number | null = null;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (first === null) {
        first = Date.now();
        stop();
      } else if (Date.now() - first > samePress) process.exit(130);
    });
  }
}
