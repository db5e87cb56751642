import type { Registry } from 'prom-client';
import type { MikroORM } from '../postgres/orm';
import { appealGauge } from './appeal-gauge';
import { caseGauge } from './case-gauge';
import { connectionGauge } from './connection-gauge';
import { gateGauge } from './gate-gauge';
import { jobGauge } from './job-gauge';
import { outboxGauge } from './outbox-gauge';
import { unsealedGauge } from './unsealed-gauge';

/** Everything that is counted in the database when it is scraped. One process says it for all of them: the API. */
export function rowGauges(registry: Registry, orm: MikroORM): void {
  for (const gauge of [appealGauge, caseGauge, connectionGauge, gateGauge, jobGauge, outboxGauge, unsealedGauge])
    gauge(registry, orm);
}
