import { Gauge, type Registry } from 'prom-client';
import { caseStates } from '../../domain/moderation';
import type { MikroORM } from '../postgres/orm';
import { countedWhenScraped } from './counted-when-scraped';

/**
 * `dnp_moderation_cases` by state, 0 where there are none, and `dnp_moderation_cases_oldest_seconds`: since when the oldest waits
 * that is a moderator's to decide. One for which changes were requested waits for its submitter.
 */
export function caseGauge(registry: Registry, orm: MikroORM): void {
  const collect = countedWhenScraped(
    orm,
    (tx) =>
      tx.execute<{ state: string; n: number; age: number }[]>(
        `select state, count(*)::int as n, greatest(0, extract(epoch from now() - min(opened_at)))::float8 as age
         from moderation_cases group by state`,
      ),
    (rows) => {
      for (const state of caseStates) cases.set({ state }, 0);
      for (const { state, n } of rows) cases.set({ state }, n);
      const waiting = rows.filter(({ state }) => state === 'open' || state === 'in_review');
      oldest.set(Math.max(0, ...waiting.map(({ age }) => age)));
    },
  );
  const cases = new Gauge({
    name: 'dnp_moderation_cases',
    help: 'Moderation cases by where they stand.',
    labelNames: ['state'],
    registers: [registry],
    collect,
  });
  const oldest = new Gauge({
    name: 'dnp_moderation_cases_oldest_seconds',
    help: 'For how long the oldest case has waited that a moderator has to decide.',
    registers: [registry],
    collect,
  });
}
