import type { SliceResult, WaitReason } from '../domain/slices';

export type WorkEnd = { end: 'done' } | { end: 'failed'; code: string } | { end: 'interrupted' };

export interface WorkOptions {
  /** Sleeps durably; says whether something interrupted it. Also called with 0 between slices, to let messages be seen. */
  pause(seconds: number, reason: WaitReason | null): Promise<'elapsed' | 'interrupted'>;
  /** How many waits in a row for a provider that is away before giving up. A rate limit is never given up on. */
  mostOutages: number;
}

/** Longest wait between two looks at a provider that is away, in seconds. */
const longestOutageWait = 300;

/** Runs slice after slice until the work is done, sleeping between them where the provider asks for it. */
export async function workThrough(slice: () => Promise<SliceResult>, options: WorkOptions): Promise<WorkEnd> {
  let outages = 0;
  for (;;) {
    const result = await slice();
    if (result.state === 'done') return { end: 'done' };
    if (result.state === 'failed') return { end: 'failed', code: result.code };
    if (result.state === 'more') {
      outages = 0;
      if ((await options.pause(0, null)) === 'interrupted') return { end: 'interrupted' };
      continue;
    }
    outages = result.reason === 'provider_unavailable' ? outages + 1 : 0;
    if (outages > options.mostOutages) return { end: 'failed', code: 'provider_unavailable' };
    const seconds = outages > 0 ? Math.min(result.seconds * 2 ** (outages - 1), longestOutageWait) : result.seconds;
    if ((await options.pause(seconds, result.reason)) === 'interrupted') return { end: 'interrupted' };
  }
}
