import { setTimeout as sleep } from 'node:timers/promises';
import { ProviderError } from '../../domain/errors';
import type { GateState, ProviderGate } from '../providers/gate';
import type { MikroORM } from './orm';
import {
  closeGate,
  createGateRow,
  endProbe,
  leaseCalls,
  readGate,
  type GateRate,
  type Lease,
} from './provider-gate-rows';

export type { GateState, ProviderGate } from '../providers/gate';

export interface ProviderGateOptions {
  /** Calls a second that each quota is given, over all processes. */
  callsPerSecond: number;
}

/** Longest wait inside `take`, in milliseconds: a longer one belongs to the caller, which can sleep durably. */
const LONGEST_WAIT = 1_000;
/** How long unused calls of a lease stay good, in milliseconds. */
const LEASE_LIFE = 2_000;
/** How soon to look again while another process probes, in seconds. */
const PROBE_POLL_SECONDS = 1;
/** When to ask again about a gate that an operator closed, in seconds. */
const OPERATOR_POLL_SECONDS = 60;

/** What this process holds of one quota. */
interface Holding {
  calls: number;
  until: number;
  probing: boolean;
  /** Grows with each 429, so that a lease asked for before it is not used after it. */
  closings: number;
  /** The 429s that are being written down. Until they are, the table still says that the gate is open. */
  closing: Promise<unknown>;
  /** Leases are asked for one at a time. */
  turn: Promise<void>;
}

/**
 * The gate over table `provider_gates`. A process leases a few calls in one statement and spends them without asking
 * again, so a 429 stops this process at once and the others with their next lease.
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
    const fresh = {
      calls: 0,
      until: 0,
      probing: false,
      closings: 0,
      closing: Promise.resolve(),
      turn: Promise.resolve(),
    };
    holdings.set(quota, fresh);
    return fresh;
  }

  async function lease(quota: string, provider: string): Promise<Lease> {
    try {
      const em = orm.em.fork();
      const leased = await leaseCalls(em, quota, rate);
      if (leased) return leased;
      await createGateRow(em, quota, provider, rate);
      const second = await leaseCalls(em, quota, rate);
      if (second) return second;
    } catch {
      // Without the shared state nobody knows how much is left, so nothing goes out.
    }
    throw new ProviderError('unavailable', { code: 'gate_unreadable' });
  }

  /** Leases until this process holds a call, or says how long that would take. */
  async function refill(quota: string, provider: string, holding: Holding, deadline: number): Promise<void> {
    while (!holds(holding)) {
      await holding.closing;
      const closings = holding.closings;
      const leased = await lease(quota, provider);
      if (leased.calls > 0 && closings === holding.closings) {
        holding.calls = leased.calls;
        holding.until = performance.now() + LEASE_LIFE;
        if (leased.verdict === 'probe') holding.probing = true;
        return;
      }
      const waitSeconds = secondsToWait(leased, callsPerSecond);
      if (performance.now() + waitSeconds * 1000 > deadline)
        throw new ProviderError('rate_limited', { retryAfterSeconds: Math.ceil(waitSeconds), code: codeOf(leased) });
      await sleep(waitSeconds * 1000 + Math.random() * 10);
    }
  }

  return {
    async take(quota, provider) {
      const holding = holdingOf(quota);
      const deadline = performance.now() + LONGEST_WAIT;
      const mine = holding.turn.then(async () => {
        await refill(quota, provider, holding, deadline);
        holding.calls -= 1;
      });
      holding.turn = mine.catch(() => undefined);
      await mine;
    },

    async reportRateLimited(quota, provider, retryAfterSeconds) {
      const holding = holdingOf(quota);
      holding.calls = 0;
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

const holds = (holding: Holding) => holding.calls > 0 && holding.until > performance.now();

function secondsToWait(lease: Lease, callsPerSecond: number): number {
  if (lease.verdict === 'operator') return OPERATOR_POLL_SECONDS;
  if (lease.verdict === 'closed') return Math.max(lease.closedForSeconds, 0.01);
  if (lease.verdict === 'probing') return PROBE_POLL_SECONDS;
  return Math.max((1 - lease.available) / callsPerSecond, 0.005);
}

function codeOf(lease: Lease): string {
  if (lease.verdict === 'operator') return 'gate_closed_by_operator';
  return lease.verdict === 'empty' ? 'gate_busy' : 'gate_closed';
}

/** A report comes after the call: what was done stays done. Unwritten, the gate is closed anyway while the database is away. */
async function quietly(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch {
    // The next lease reads whatever state there is.
  }
}
