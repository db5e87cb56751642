import { audit } from './audit';
import type { EntityManager, MikroORM } from './orm';
import { markChosenStale } from './plans';

/** Plans that act on somebody because of a category and nothing firmer, and those in the making of whoever goes by one. */
const byCategory = `(status = 'preparing' and user_id in (select user_id from category_subscriptions)
  or exists (select from plan_items i where i.plan_id = plans.id and i.included and i.matches @> '[{"source": "category"}]'::jsonb))`;

/**
 * Notes what the operator has switched on and off, at the start of a process, in the caller's transaction. Where offenses go off, plans
 * that rest on them turn stale with it; where they come on again, nothing does.
 */
export async function noteSwitches(tx: EntityManager, { offenses }: { offenses: boolean }): Promise<void> {
  const [changed] = await tx.execute<{ made: boolean }[]>(
    `insert into operator_switches as s (name, enabled) values ('offenses', ?)
     on conflict (name) do update set enabled = excluded.enabled, changed_at = now() where s.enabled <> excluded.enabled
     returning xmax = 0 as made`,
    [offenses],
  );
  // They were on before anybody said so.
  if (!changed || (changed.made && offenses)) return;
  const event = offenses ? 'offenses.switched_on' : 'offenses.switched_off';
  audit(tx, { actorId: null, event, outcome: 'done' });
  if (!offenses) await markChosenStale(tx, { sql: byCategory, values: [] }, 'offenses_disabled');
}

/** Seconds until it is tried again where the database is away. */
const tryAgainAfter = 5;

/** The same as soon as the database is there. */
export async function noteSwitchesAtStart(
  orm: MikroORM,
  switches: { offenses: boolean },
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
export async function offensesEnabled(em: EntityManager): Promise<boolean> {
  const rows = await em.execute<{ enabled: boolean }[]>(
    `select enabled from operator_switches where name = 'offenses'`,
  );
  return rows[0]?.enabled ?? true;
}
