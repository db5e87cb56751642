import type { PlanRow } from '../../../adapters/postgres/plan-reads';
import { createSpotifyAppBook } from '../../../adapters/postgres/spotify-app-book';
import { type Capability, capabilitiesOf } from '../../../domain/capabilities';
import type { Dependencies } from '../../dependencies';

type CapabilitiesOfPlan = (plan: PlanRow) => Capability[];

/** What can be done at the connections of these plans, each through the app that it was consented to. */
export async function planCapabilities(
  { orm, config }: Pick<Dependencies, 'orm' | 'config'>,
  plans: readonly PlanRow[],
): Promise<CapabilitiesOfPlan> {
  const book = createSpotifyAppBook(orm, config.spotify?.apps ?? [], () => undefined);
  const clientIds = new Set(plans.filter(({ provider }) => provider === 'spotify').map(({ clientId }) => clientId));
  const known = await Promise.all([...clientIds].map(async (id) => [id, await book.read(id)] as const));
  const apps = new Map(known);
  return ({ provider, clientId }) => {
    const app = apps.get(clientId);
    return capabilitiesOf(provider, app?.dialect, app?.unfollowsArtists === false ? ['followed_artist'] : []);
  };
}
