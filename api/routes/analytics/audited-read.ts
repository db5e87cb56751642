import { audit, type AuditRecord } from '../../../adapters/postgres/audit';
import { type EntityManager, oneMoment } from '../../../adapters/postgres/orm';
import type { AppContext, Caller } from '../../context';

type SystemView = 'overview' | 'oauth' | 'providers' | 'enforcement' | 'moderation';

/** Reads a view of the whole system as of one moment, and puts on record who did. */
export function auditedRead<T>(
  { user, em, ctx }: { user: Caller; em: EntityManager; ctx: AppContext },
  view: SystemView,
  details: AuditRecord['details'],
  read: (tx: EntityManager) => Promise<T>,
): Promise<T> {
  return oneMoment(em, (tx) => {
    audit(tx, {
      actorId: user.userId,
      event: `analytics.${view}_read`,
      outcome: 'done',
      details,
      requestId: ctx.state.requestId,
    });
    return read(tx);
  });
}
