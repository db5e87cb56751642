import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasConsentEnded, type OnHealthChange } from '../adapters/postgres/connection-health';
import {
  claimChecks,
  endChecks,
  finishCheck,
  putBackChecks,
  troubleOf,
  type DueCheck,
} from '../adapters/postgres/credential-checks';
import type { MikroORM } from '../adapters/postgres/orm';
import { mayEndByItself } from '../domain/connection-health';
import { activitySignal, showAlive } from './activity-context';
import { reportProbe, type Probe, type ProbeResult } from './connection-health-probe';
import type { RenewOnce } from './renew-credential';

export interface MaintenanceDeps {
  orm: MikroORM;
  probe: Probe;
  renewOnce: RenewOnce;
  onHealthChange?: OnHealthChange;
  /** What the gate lets through a second; maintenance keeps to a part of it. */
  callsPerSecond: number;
}

export interface BatchInput {
  limit: number;
  /** Calls that are counted together and are left alone in this run, as `provider:quota`. */
  without: string[];
}
export interface BatchResult {
  looked: number;
  /** Whether there may be more that is due. */
  more: boolean;
  /** As `without`, with what got into trouble in this batch. */
  without: string[];
}

/** Maintenance takes at most this part of a quota: people who wait come first. */
const SHARE = 0.2;
/** Silences in a row after which a provider is left alone. */
const STRIKES = 3;
/** Refused Music User Tokens in one batch from which on the refusals are taken for Apple's trouble, not for each person's. */
const STORM = 5;

/** What came of one check. */
type Look = ProbeResult | { result: 'nothing_to_do' } | { result: 'kept' };

/** Looks at what is due: a slice of a few dozen credentials, one at a time. */
export function createMaintenanceActivities(deps: MaintenanceDeps) {
  /** A sign-in account's refresh token stays alive by being used, and shows whether the consent still stands. */
  async function keepAlive({ ownerId, version }: DueCheck, signal: AbortSignal): Promise<Look> {
    const tried = await deps.renewOnce({ ownerId, version }, `keep:${randomUUID()}`, signal);
    if (tried.outcome === 'again' || tried.outcome === 'misconfigured')
      return { result: 'silent', code: 'limited' in tried && tried.limited ? 'rate_limited' : 'provider_unavailable' };
    return { result: 'kept' };
  }

  /** A consent whose time is over is asked about by what it is for: the provider has the last word, not our calendar. */
  async function renewPastEnd({ ownerId, version }: DueCheck, signal: AbortSignal): Promise<void> {
    await deps.renewOnce({ ownerId, version }, `keep:${randomUUID()}`, signal);
  }

  async function look(check: DueCheck, signal: AbortSignal): Promise<Look> {
    if (!check.owned) return { result: 'nothing_to_do' };
    if (check.type === 'identity') return keepAlive(check, signal);
    if (check.healthCode !== null && !mayEndByItself(check.healthCode, check.provider))
      return { result: 'person_needed' };
    if (check.consentedAt && hasConsentEnded(check.provider, check.consentedAt, new Date()))
      await renewPastEnd(check, signal);
    return deps.probe(check.ownerId, { signal });
  }

  async function settle(check: DueCheck, seen: Look): Promise<void> {
    const em = deps.orm.em.fork();
    if (seen.result === 'gone' || seen.result === 'nothing_to_do' || seen.result === 'person_needed')
      return endChecks(em, check.ownerId);
    if (seen.result !== 'kept') await reportProbe(deps, check.ownerId, seen, { settled: false });
    await finishCheck(em, check.ownerId);
  }

  return {
    async maintainBatch({ limit, without }: BatchInput): Promise<BatchResult> {
      const signal = activitySignal() ?? new AbortController().signal;
      const due = await claimChecks(deps.orm.em.fork(), { limit, without });
      const left = new Set(without);
      const strikes = new Map<string, number>();
      const putBack: string[] = [];
      const doubtful: DueCheck[] = [];
      let looked = 0;
      for (const [done, check] of due.entries()) {
        const trouble = troubleOf(check);
        if (signal.aborted || left.has(trouble)) {
          putBack.push(check.ownerId);
          continue;
        }
        showAlive(done);
        const seen = await look(check, signal);
        looked += 1;
        if (seen.result === 'silent') {
          putBack.push(check.ownerId);
          const count = (strikes.get(trouble) ?? 0) + 1;
          strikes.set(trouble, count);
          if (seen.code !== 'provider_unavailable' || count >= STRIKES) left.add(trouble);
          continue;
        }
        strikes.delete(trouble);
        if (seen.result === 'fault' && seen.code === 'token_expired') doubtful.push(check);
        else await settle(check, seen);
        await sleep(1000 / (deps.callsPerSecond * SHARE));
      }
      if (doubtful.length < STORM)
        for (const check of doubtful) await settle(check, { result: 'fault', code: 'token_expired' });
      else putBack.push(...doubtful.map(({ ownerId }) => ownerId));
      await putBackChecks(deps.orm.em.fork(), putBack);
      return { looked, more: due.length === limit && !signal.aborted, without: [...left] };
    },
  };
}
