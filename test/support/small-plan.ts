import { callRates } from '../../adapters/environment/call-rates';
import { Plan } from '../../adapters/postgres/entities';
import { refigurePlan } from '../../adapters/postgres/plan-estimates';
import { includeItems } from '../../adapters/postgres/plan-items';
import type { Person, System } from './system';

/** A plan to take everything of a small library out, also the playlist of somebody else, which the person includes. */
export async function smallPlan(
  { orm, config }: System,
  person: Person,
  switches: Record<string, boolean> = {},
): Promise<Plan> {
  const { id } = await person.plan('standard', { followedPlaylists: true, ...switches });
  await orm.em.fork().transactional(async (tx) => {
    await includeItems(tx, id, { filter: { itemType: 'followed_playlist' } }, true);
    await refigurePlan(tx, id, { provider: 'spotify', callRates: callRates(config) });
  });
  return orm.em.fork().findOneOrFail(Plan, { id });
}
