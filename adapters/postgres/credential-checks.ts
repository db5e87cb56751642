import { nextCheckSql } from './credential-schedule';
import type { EntityManager } from './orm';

/** A credential whose time to be looked at has come. */
export interface DueCheck {
  ownerId: string;
  type: 'connection' | 'identity';
  provider: string;
  version: number;
  /** The provider quota that its calls count against; for sign-in accounts, whose calls have none, empty. */
  quota: string;
  /** When the consent behind a connection was given. */
  consentedAt: Date | null;
  healthCode: string | null;
  /** Whether there is still an account that it belongs to. */
  owned: boolean;
}

/** What shares its troubles: calls that a provider counts together. */
export const troubleOf = ({ provider, quota }: Pick<DueCheck, 'provider' | 'quota'>): string => `${provider}:${quota}`;

/** If nothing more is heard of whoever took a check, it is due again after this, in seconds. */
const CLAIM_SECONDS = 900;

/**
 * Takes checks that are due, the longest first, past what others hold at this moment. They are hidden from others until they
 * are finished or put back, or until enough time has passed for a worker that died.
 */
export async function claimChecks(
  em: EntityManager,
  { limit, without }: { limit: number; without: readonly string[] },
): Promise<DueCheck[]> {
  const rows = await em.execute<
    {
      owner_id: string;
      owner_type: DueCheck['type'];
      provider: string;
      version: number;
      quota: string | null;
      consented_at: string | null;
      health_code: string | null;
      owned: boolean;
    }[]
  >(
    `with due as (
       select k.owner_id, c.quota, c.consented_at, c.health_code, coalesce(c.id, i.id) is not null as owned
         from credentials k left join connections c on c.id = k.owner_id left join identities i on i.id = k.owner_id
        where k.next_check_at <= now() and k.provider || ':' || coalesce(c.quota, '') <> all(array[?]::text[])
        order by k.next_check_at limit ? for update of k skip locked
     )
     update credentials k set next_check_at = now() + make_interval(secs => ?)
       from due where k.owner_id = due.owner_id
     returning k.owner_id, k.owner_type, k.provider, k.version, due.quota, due.consented_at, due.health_code, due.owned`,
    // An empty list would have no type.
    [['', ...without], limit, CLAIM_SECONDS],
  );
  return rows.map((row) => ({
    ownerId: row.owner_id,
    type: row.owner_type,
    provider: row.provider,
    version: row.version,
    quota: row.quota ?? '',
    consentedAt: row.consented_at === null ? null : new Date(row.consented_at),
    healthCode: row.health_code,
    owned: row.owned,
  }));
}

/** The provider said something about it, well or not: the next look is at its own time of another day. */
export async function finishCheck(em: EntityManager, ownerId: string): Promise<void> {
  await em.execute(`update credentials set checked_at = now(), next_check_at = ${nextCheckSql} where owner_id = ?`, [
    ownerId,
  ]);
}

/** Nothing was learned about them: they come again in a quarter to half an hour, not all at once. */
export async function putBackChecks(em: EntityManager, ownerIds: readonly string[]): Promise<void> {
  if (ownerIds.length === 0) return;
  await em.execute(
    `update credentials set next_check_at = now() + interval '15 minutes' * (1 + random()) where owner_id = any(array[?]::uuid[])`,
    [ownerIds],
  );
}

/**
 * A look would tell nothing new until its person has done something, and a new consent sets the next time again. Only what our
 * own key is missing for is looked at every day.
 */
export async function endChecks(em: EntityManager, ownerId: string): Promise<void> {
  await em.execute(
    `update credentials set next_check_at = case
        when exists (select from connections c where c.id = owner_id and c.health_code = 'decrypt_failed') then ${nextCheckSql} end
      where owner_id = ?`,
    [ownerId],
  );
}
