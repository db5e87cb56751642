import type { RunContext } from './run-context';

/** Milliseconds between looks: providers' reads lag behind their writes, ten seconds are waited out. */
const pauses = [300, 700, 1_500, 3_000, 4_500];

/**
 * Looks, and looks again for about ten seconds while what is seen does not satisfy. Returns the last look.
 * The first look is made at once.
 */
export async function lookUntil<T>(
  context: Pick<RunContext, 'sleep'>,
  look: () => Promise<T>,
  satisfied: (seen: T) => boolean,
): Promise<T> {
  let seen = await look();
  for (const pause of pauses) {
    if (satisfied(seen)) return seen;
    await context.sleep(pause);
    seen = await look();
  }
  return seen;
}
