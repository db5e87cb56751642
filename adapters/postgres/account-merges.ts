import { audit } from './audit';
import { newId } from './ids';
import type { EntityManager } from './orm';

/** Minutes in which an offer can be confirmed. */
export const offerMinutes = 15;

/**
 * Offers a person (the survivor) to take over what another one (the absorbed) has, after a flow proved that both are theirs.
 * One flow makes one offer, also when its step is repeated. Returns the offer's id; its audit row is in the caller's transaction.
 */
export async function offerMerge(
  em: EntityManager,
  offer: { survivorId: string; absorbedId: string; flowId: string; requestId?: string | null },
): Promise<string> {
  const id = newId();
  const made = await em.execute<{ id: string }[]>(
    `insert into account_merges (id, survivor_id, absorbed_id, flow_id, status, created_at, expires_at)
     values (?, ?, ?, ?, 'offered', now(), now() + make_interval(mins => ?)) on conflict (flow_id) do nothing returning id`,
    [id, offer.survivorId, offer.absorbedId, offer.flowId, offerMinutes],
  );
  if (made.length === 0) {
    const [known] = await em.execute<{ id: string }[]>(`select id from account_merges where flow_id = ?`, [
      offer.flowId,
    ]);
    return known?.id ?? id;
  }
  audit(em, {
    actorId: offer.survivorId,
    event: 'account_merge.offered',
    outcome: 'done',
    subjectType: 'account_merge',
    subjectId: id,
    requestId: offer.requestId ?? null,
  });
  return id;
}
