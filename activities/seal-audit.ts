import type { Sealing } from '../adapters/audit-seal/sealing';
import { sealFor } from '../adapters/postgres/audit-seals';
import type { MikroORM } from '../adapters/postgres/orm';

/** Seconds of one activity. */
const slice = 25;

/** Seals what was written to the audit. */
export function createSealActivities({ orm, sealing }: { orm: MikroORM; sealing: Sealing }) {
  return {
    /** For half a minute at most; `more` says whether something is left to seal. */
    sealAuditEntries: (): Promise<{ sealed: number; more: boolean }> => sealFor(orm.em.fork(), slice, sealing),
  };
}
