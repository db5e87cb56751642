/** How much one account has asked. `times` are those of the calls in the present window, in ms since 1970. */
interface Usage {
  total: number;
  times: number[];
}

/** Counts calls by account, and tells when one has asked for more than it has in a rolling window. */
export class QuotaBook {
  readonly #usage = new Map<string, Usage>();

  /**
   * Counts a call.
   *
   * @param quota what the account has; undefined lets everything through
   * @returns the seconds to wait where the call is one too many, or null
   */
  take(account: string, quota: { calls: number; windowSeconds: number } | undefined, now = Date.now()): number | null {
    const usage = this.#usage.get(account) ?? { total: 0, times: [] };
    this.#usage.set(account, usage);
    usage.total += 1;
    if (!quota) return null;
    const windowMs = quota.windowSeconds * 1000;
    usage.times = usage.times.filter((time) => time > now - windowMs);
    const [oldest] = usage.times;
    if (usage.times.length < quota.calls || oldest === undefined) {
      usage.times.push(now);
      return null;
    }
    return Math.max(1, Math.ceil((oldest + windowMs - now) / 1000));
  }

  /** How often each account has asked, refused calls included. */
  list(): { account: string; calls: number }[] {
    return [...this.#usage].map(([account, { total }]) => ({ account, calls: total }));
  }

  forget(account: string): void {
    this.#usage.delete(account);
  }
}
