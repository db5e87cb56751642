import { audit } from './audit';
import type { EntityManager, MikroORM } from './orm';
import { markChosenStale } from './plans';

/** Plans that act on somebody because of a category and nothing firmer, and those in the making of whoever goes by one. */
const byCategory = `(status = 'preparing' and user_id in (select user_id from category_subscriptions)
  or exists (select from plan_items i where i.plan_id = plans.id and i.included and i.matches @> '[{"source": "category"}]'::jsonb))`;

/** What an operator can switch off here. */
export const switchNames = ['offenses', 'comparative_analytics'] as const;
type SwitchName = (typeof switchNames)[number];
export type Switches = Partial<Record<SwitchName, boolean>>;

/**
 * Notes what the operator has switched on and off, at the start of a process, in the caller's transaction. Where offenses go off, plans
 * that rest on them turn stale with it; where they come on again, nothing does.
 */
export async function noteSwitches(tx: EntityManager, switches: Switches): Promise<void> {
  for (const name of switchNames) {
    const enabled = switches[name];
    if (enabled !== undefined && (await changes(tx, name, enabled)) && name === 'offenses' && !enabled)
      await markChosenStale(tx, { sql: byCategory, values: [] }, 'offenses_disabled');
  }
}

/** Whether that is news; each was on before anybody said so. */
async function changes(tx: EntityManager, name: SwitchName, enabled: boolean): Promise<boolean> {
  const [changed] = await tx.execute<{ made: boolean }[]>(
    `insert into operator_switches as s (name, enabled) values (?, ?)
     on conflict (name) do update set enabled = excluded.enabled, changed_at = now() where s.enabled <> excluded.enabled
     returning xmax = 0 as made`,
    [name, enabled],
  );
  if (!changed || (changed.made && enabled)) return false;
  audit(tx, { actorId: null, event: `${name}.switched_${enabled ? 'on' : 'off'}`, outcome: 'done' });
  return true;
}

/** Seconds until it is tried again where the database is away. */
const tryAgainAfter = 5;

/** The same as soon as the database is there. */
export async function noteSwitchesAtStart(
  orm: MikroORM,
  switches: Switches,
  onAway: (error: unknown) => void,
): Promise<void> {
  try {
    await orm.em.fork().transactional((tx) => noteSwitches(tx, switches));
  } catch (error) {
    onAway(error);
    setTimeout(() => void noteSwitchesAtStart(orm, switches, onAway), tryAgainAfter * 1_000).unref();
  }
}

/** Whether offenses are switched on, by what the processes were last started with. */
export const offensesEnabled = (em: EntityManager): Promise<boolean> => switchedOn(em, 'offenses');

/** The same of comparisons with others. */
export const comparativeAnalyticsEnabled = (em: EntityManager): Promise<boolean> =>
  switchedOn(em, 'comparative_analytics');

async function switchedOn(em: EntityManager, name: SwitchName): Promise<boolean> {
  const rows = await em.execute<{ enabled: boolean }[]>(`select enabled from operator_switches where name = ?`, [name]);
  return rows[0]?.enabled ?? true;
}
