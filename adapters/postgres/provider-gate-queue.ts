import type { Waiting } from './provider-gate-leases';

/** Somebody who waits for one call. */
interface Waiter {
  /** On the process's clock, in milliseconds. */
  deadline: number;
  proceed: () => void;
  giveUp: (error: Error) => void;
}

/** What one process holds of one quota: calls that it leased, and who waits for more, by party and in order. */
export class GateQueue {
  private readonly waiting = new Map<string, Waiter[]>();
  private readonly held = new Map<string, { calls: number; until: number }>();

  /** Waits for a call of the party's. */
  wait(party: string, deadline: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiters = this.waiting.get(party) ?? [];
      waiters.push({ deadline, proceed: resolve, giveUp: reject });
      this.waiting.set(party, waiters);
    });
  }

  /** Spends a call that was leased before, unless others of the party wait for it. */
  spend(party: string, now: number): boolean {
    const held = this.held.get(party);
    if (!held || held.until <= now || this.waiting.has(party)) return false;
    held.calls -= 1;
    if (held.calls === 0) this.held.delete(party);
    return true;
  }

  /** Who waits, and for how many calls. */
  asked(): Waiting[] {
    return [...this.waiting].map(([party, { length: wanted }]) => ({ party, wanted }));
  }

  /** Lets a party's first waiters go on; calls that are left over stay good until then. */
  give(party: string, calls: number, until: number): void {
    const waiters = this.waiting.get(party) ?? [];
    const served = waiters.splice(0, calls);
    if (waiters.length === 0) this.waiting.delete(party);
    if (served.length < calls) this.held.set(party, { calls: calls - served.length, until });
    for (const { proceed } of served) proceed();
  }

  /** Sends those away who would still wait then. */
  giveUpBefore(moment: number, error: () => Error): void {
    for (const [party, waiters] of this.waiting) {
      const staying = waiters.filter(({ deadline }) => deadline >= moment);
      for (const waiter of waiters) if (waiter.deadline < moment) waiter.giveUp(error());
      if (staying.length > 0) this.waiting.set(party, staying);
      else this.waiting.delete(party);
    }
  }

  /** Whatever was leased is not used any more. */
  drop(): void {
    this.held.clear();
  }
}
