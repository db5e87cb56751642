import type { ProviderGate } from '../../../adapters/providers/gate';

/** A gate that lets everything through and remembers what it was told. */
export function openGate(): ProviderGate & { taken: string[]; rateLimited: number[]; successes: number } {
  const told = {
    taken: [] as string[],
    rateLimited: [] as number[],
    successes: 0,
    take: (quota: string) => {
      told.taken.push(quota);
      return Promise.resolve();
    },
    reportRateLimited: (_quota: string, _provider: string, seconds: number) => {
      told.rateLimited.push(seconds);
      return Promise.resolve();
    },
    reportSuccess: () => {
      told.successes += 1;
      return Promise.resolve();
    },
    state: () => Promise.resolve({ state: 'open' as const, closedUntil: null, closedByAdmin: false, tokens: 1 }),
  };
  return told;
}
