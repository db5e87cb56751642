import { setTimeout as sleep } from 'node:timers/promises';
import { ProviderError } from '../../domain/errors';
import type { GateState, ProviderGate } from '../providers/gate';
import type { MikroORM } from './orm';
import { type GateRate, type Lease, leaseCalls } from './provider-gate-leases';
import { GateQueue } from './provider-gate-queue';
import { closeGate, createGateRow, endProbe, readGate } from './provider-gate-rows';

export type { GateState, ProviderGate } from '../providers/gate';

export interface ProviderGateOptions {
  /** Calls a second that each quota is given, over all processes. */
  callsPerSecond: number;
}

/** Longest wait inside `take`, in milliseconds: a longer one belongs to the caller, which can sleep durably. */
const LONGEST_WAIT = 1_000;
/** Longest time between two looks while somebody waits, in milliseconds: whose turn it is must be there to take it. */
const LONGEST_SLEEP = 250;
/** How long unused calls of a lease stay good, in milliseconds. */
const LEASE_LIFE = 2_000;
/** How soon to look again while another process probes, in seconds. */
const PROBE_POLL_SECONDS = 1;
/** When to ask again about a gate that an operator closed, in seconds. */
const OPERATOR_POLL_SECONDS = 60;
/** Who calls without a connection: they share one place in the line. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** What this process knows of one quota. */
interface Holding {
  queue: GateQueue;
  /** Whether leases are being asked for; one at a time. */
  leasing: boolean;
  probing: boolean;
  /** Grows with each 429, so that a lease asked for before it is not used after it. */
  closings: number;
  /** The 429s that are being written down. Until they are, the table still says that the gate is open. */
  closing: Promise<unknown>;
}

/**
 * The gate over table `provider_gates`. A process leases a few calls for each party that waits in it, and spends them without
 * asking again, so a 429 stops this process at once and the others with their next lease.
 */
export function createProviderGate(orm: MikroORM, { callsPerSecond }: ProviderGateOptions): ProviderGate {
  const rate: GateRate = {
    callsPerSecond,
    burst: Math.max(1, callsPerSecond),
    leaseSize: Math.max(1, Math.min(10, Math.floor(callsPerSecond / 2))),
  };
  const holdings = new Map<string, Holding>();

  function holdingOf(quota: string): Holding {
    const known = holdings.get(quota);
    if (known) return known;
    const fresh: Holding = {
      queue: new GateQueue(),
      leasing: false,
      probing: false,
      closings: 0,
      closing: Promise.resolve(),
    };
    holdings.set(quota, fresh);
    return fresh;
  }

  async function lease(quota: string, provider: string, holding: Holding): Promise<Lease> {
    try {
      const em = orm.em.fork();
      const leased = await leaseCalls(em, quota, rate, holding.queue.asked());
      if (leased) return leased;
      await createGateRow(em, quota, provider, rate);
      const second = await leaseCalls(em, quota, rate, holding.queue.asked());
      if (second) return second;
    } catch {
      // Without the shared state nobody knows how much is left, so nothing goes out.
    }
    throw new ProviderError('unavailable', { code: 'gate_unreadable' });
  }

  /**
   * Leases for those who wait until nobody does; who would wait for too long is told how long. One at a time for each quota: nobody
   * can come between the last look at the queue and the end of this.
   */
  async function serve(quota: string, provider: string, holding: Holding): Promise<void> {
    if (holding.leasing) return;
    holding.leasing = true;
    try {
      while (holding.queue.asked().length > 0) {
        await holding.closing;
        const seconds = await serveOnce(quota, provider, holding);
        if (holding.queue.asked().length > 0) await sleep(Math.min(seconds * 1000, LONGEST_SLEEP) + Math.random() * 10);
      }
    } catch (error) {
      holding.queue.giveUpBefore(Number.POSITIVE_INFINITY, () => error as Error);
    } finally {
      holding.leasing = false;
    }
  }

  /** Hands one lease out, and says after how many seconds the next one is worth asking for. */
  async function serveOnce(quota: string, provider: string, holding: Holding): Promise<number> {
    const { queue, closings } = holding;
    const leased = await lease(quota, provider, holding);
    if (closings !== holding.closings) return 0;
    if (leased.verdict === 'probe') holding.probing = true;
    const until = performance.now() + LEASE_LIFE;
    for (const [party, calls] of leased.calls) queue.give(party, calls, until);
    const seconds = secondsToWait(leased, callsPerSecond);
    const busy = () =>
      new ProviderError('rate_limited', { retryAfterSeconds: Math.ceil(seconds), code: codeOf(leased) });
    queue.giveUpBefore(performance.now() + seconds * 1000, busy);
    return seconds;
  }

  return {
    async take(quota, provider, party = NOBODY) {
      const holding = holdingOf(quota);
      const now = performance.now();
      if (holding.queue.spend(party, now)) return;
      const mine = holding.queue.wait(party, now + LONGEST_WAIT);
      void serve(quota, provider, holding);
      await mine;
    },

    async reportRateLimited(quota, provider, retryAfterSeconds) {
      const holding = holdingOf(quota);
      holding.queue.drop();
      holding.probing = false;
      holding.closings += 1;
      const closed = quietly(() => closeGate(orm.em.fork(), quota, provider, retryAfterSeconds));
      holding.closing = Promise.all([holding.closing, closed]);
      await closed;
    },

    async reportSuccess(quota) {
      const holding = holdings.get(quota);
      if (!holding?.probing) return;
      holding.probing = false;
      await quietly(() => endProbe(orm.em.fork(), quota));
    },

    state: (quota): Promise<GateState> => readGate(orm.em.fork(), quota, rate),
  };
}

function secondsToWait(lease: Lease, callsPerSecond: number): number {
  if (lease.verdict === 'operator') return OPERATOR_POLL_SECONDS;
  if (lease.verdict === 'closed') return Math.max(lease.closedForSeconds, 0.01);
  if (lease.verdict === 'probing' || lease.verdict === 'probe') return PROBE_POLL_SECONDS;
  return Math.max(lease.short / callsPerSecond, 0.005);
}

function codeOf(lease: Lease): string {
  if (lease.verdict === 'operator') return 'gate_closed_by_operator';
  return lease.verdict === 'empty' || lease.verdict === 'open' ? 'gate_busy' : 'gate_closed';
}

/** A report comes after the call: what was done stays done. Unwritten, the gate is closed anyway while the database is away. */
async function quietly(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch {
    // The next lease reads whatever state there is.
  }
}
