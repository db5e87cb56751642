import {
  callFor,
  consentEnd,
  consentWarning,
  healthAfter,
  type Health,
  type HealthCode,
  type HealthFinding,
  type HealthState,
} from '../../domain/connection-health';
import { announce } from './announcements';
import { audit } from './audit';
import type { EntityManager, MikroORM } from './orm';

/** A change that happened, for its counter; bounded sets of names. */
export interface HealthChange {
  provider: string;
  health: HealthState;
  code: HealthCode | null;
}

/** Told about each change once it is committed. */
export type OnHealthChange = (change: HealthChange) => void;

export interface HealthReport {
  connectionId: string;
  finding: HealthFinding;
  /** Where given, the finding holds for that version of the credential alone. */
  ofVersion?: number;
}

interface HealthRow {
  user_id: string;
  provider: string;
  health: HealthState;
  health_code: HealthCode | null;
  consented_at: string;
  consent_warned_at: string | null;
  now: string;
}

/**
 * The one way in which a connection's health changes: compares, writes, and where it really changed leaves the audit row and
 * tells the person, in the same transaction. Null where nothing changed. Call it late: it may hold off others about the same
 * person until the transaction's end.
 */
export async function changeHealth(tx: EntityManager, report: HealthReport): Promise<HealthChange | null> {
  const { connectionId, finding } = report;
  const [row] = await tx.execute<HealthRow[]>(
    `select user_id, provider, health, health_code, consented_at, consent_warned_at, now() as now from connections where id = ? and disconnecting_since is null for update`,
    [connectionId],
  );
  if (!row) return null;
  // Connection before credential, as a consent writes them: so a renewal cannot slip in between this look and the verdict.
  if (report.ofVersion !== undefined && !(await lockVersion(tx, connectionId, report.ofVersion))) return null;
  const before: Health = { state: row.health, code: row.health_code };
  const after = healthAfter(before, finding, { consentEnding: isConsentEnding(row) });
  if (after.state === before.state && after.code === before.code) return null;
  await tx.execute(`update connections set health = ?, health_code = ?, version = version + 1 where id = ?`, [
    after.state,
    after.code,
    connectionId,
  ]);
  audit(tx, {
    actorId: null,
    event: eventOf[after.state],
    outcome: 'done',
    subjectType: 'connection',
    subjectId: connectionId,
    details: { code: after.code, was: before.state, wasCode: before.code },
  });
  await tell(tx, connectionId, row, { before, after });
  return { provider: row.provider, health: after.state, code: after.code };
}

/** Tells the person what they can do something about: that they are needed, that it is over, and once that a consent ends. */
async function tell(
  tx: EntityManager,
  connectionId: string,
  row: HealthRow,
  { before, after }: { before: Health; after: Health },
): Promise<void> {
  const about = { connectionId, provider: row.provider };
  const [called, calls] = [callFor(before), callFor(after)];
  // That a new consent is needed is told once, whatever it is for; what else to do differs by its code.
  const isNew = calls !== called || calls === 'connection.degraded';
  if (calls && isNew && after.code !== null)
    await announce(tx, row.user_id, { type: calls, params: { ...about, code: after.code } });
  if (called && !calls && before.code !== null)
    await announce(tx, row.user_id, { type: 'connection.recovered', params: { ...about, code: before.code } });
  const end = consentEnd(row.provider, new Date(row.consented_at));
  if (after.state !== 'expiring' || end === null || wasWarned(row)) return;
  await tx.execute(`update connections set consent_warned_at = now() where id = ?`, [connectionId]);
  const params = { ...about, code: 'consent_expiring', at: end.toISOString() };
  await announce(tx, row.user_id, { type: 'connection.consent_expiring', params });
}

/** Once for each consent, whatever else happens to the connection meanwhile. */
const wasWarned = ({ consent_warned_at: at, consented_at }: HealthRow): boolean =>
  at !== null && new Date(at) >= new Date(consented_at);

const eventOf: Record<HealthState, string> = {
  healthy: 'connection.recovered',
  expiring: 'connection.expiring',
  degraded: 'connection.degraded',
  needs_reconnect: 'connection.needs_reconnect',
};

/** Whether the credential still is the one that was looked at; locks it. */
async function lockVersion(tx: EntityManager, ownerId: string, version: number): Promise<boolean> {
  const rows = await tx.execute<{ version: number }[]>(
    `select version from credentials where owner_id = ? and version = ? for update`,
    [ownerId, version],
  );
  return rows.length > 0;
}

function isConsentEnding({ provider, consented_at, now }: HealthRow): boolean {
  const [consentedAt, at] = [new Date(consented_at), new Date(now)];
  const warning = consentWarning(provider, consentedAt);
  return warning !== null && warning <= at;
}

/** The moment at which a consent ends by its age, where it has passed. */
export function hasConsentEnded(provider: string, consentedAt: Date, now: Date): boolean {
  const end = consentEnd(provider, consentedAt);
  return end !== null && end <= now;
}

/** Reports a finding in a transaction of its own, and tells about the change after the commit. */
export async function reportHealth(orm: MikroORM, report: HealthReport, onChange?: OnHealthChange): Promise<void> {
  const change = await orm.em.fork().transactional((tx) => changeHealth(tx, report));
  if (change) onChange?.(change);
}

/**
 * Says that only the person can help now. It holds for the version of the credential that was tried: false, and nothing done,
 * where that has moved on meanwhile.
 */
export async function markNeedsReconnect(
  orm: MikroORM,
  connectionId: string,
  code: HealthCode,
  ofVersion: number,
  onChange?: OnHealthChange,
): Promise<boolean> {
  const { held, change } = await orm.em.fork().transactional(async (tx) => {
    const made = await changeHealth(tx, { connectionId, finding: { fault: code }, ofVersion });
    return { held: made !== null || (await lockVersion(tx, connectionId, ofVersion)), change: made };
  });
  if (change) onChange?.(change);
  return held;
}

/** A token could be had again: ends the states that were about that and leaves others (missing scopes) alone. */
export function markTokenUsable(orm: MikroORM, connectionId: string, onChange?: OnHealthChange): Promise<void> {
  return reportHealth(orm, { connectionId, finding: { proof: 'token' } }, onChange);
}

/** No token could be had, and that is nobody's fault here. Never hides that the person is needed. */
export function markProviderUnavailable(orm: MikroORM, connectionId: string, onChange?: OnHealthChange): Promise<void> {
  return reportHealth(orm, { connectionId, finding: { fault: 'provider_unavailable' } }, onChange);
}
