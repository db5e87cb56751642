import type { CpuTime } from './cpu';

interface Look extends CpuTime {
  /** Milliseconds by a clock that only goes on. */
  at: number;
}

/** Milliseconds that a rate goes back at least, once so much has passed: a glance would say little. */
const atLeast = 5_000;
/** Milliseconds between two looks that are kept, so that nobody fills the memory by asking. */
const apart = 1_000;

/**
 * The part of the CPU that is in use, from 0 to 1, over the time since one of the last looks, the latest that is at least five seconds
 * old. So everybody who asks gets a rate over a fair while, however many ask, and never one since the machine's start. NaN until
 * there is something to compare with.
 */
export function createCpuUsage(read: () => Promise<CpuTime>, now: () => number = () => performance.now()) {
  let looks: Look[] = [];
  let latest = Number.NaN;
  return async function usage(): Promise<number> {
    const look = { ...(await read()), at: now() };
    looks = looks.filter(({ of }) => of === look.of);
    const old = looks.filter(({ at }) => at <= look.at - atLeast);
    const before = old.at(-1) ?? looks[0];
    const had = before ? look.had - before.had : 0;
    if (before && had > 0) latest = Math.min(1, Math.max(0, (look.used - before.used) / had));
    if (looks.length === 0 || look.at - (looks.at(-1)?.at ?? 0) >= apart) looks.push(look);
    looks = looks.slice(Math.max(0, old.length - 1));
    return latest;
  };
}
