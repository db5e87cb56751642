import { chooseApp, type AppChoice } from '../providers/spotify/choose-app';
import type { SpotifyApp } from '../providers/spotify/apps';
import type { EntityManager } from './orm';
import { ownProviderApp } from './provider-apps';

/**
 * The app that a person's next consent goes through. Connections count, whatever their health: Spotify's list of people is kept
 * by hand, and a place on it stays taken. Two people may be given the last place at once; the list then says who has it.
 * Null where every app is full.
 */
export async function chooseSpotifyApp(
  em: EntityManager,
  apps: readonly SpotifyApp[],
  { userId, connectionId }: { userId: string; connectionId: string | null },
): Promise<AppChoice | null> {
  const own = await ownProviderApp(em, { userId, provider: 'spotify' });
  const limited = JSON.stringify(apps.filter(({ people }) => people !== null).map(({ clientId }) => clientId));
  const counts = await em.execute<{ client_id: string; n: number }[]>(
    `select client_id, count(*)::int as n from connections
      where provider = 'spotify' and client_id in (select jsonb_array_elements_text(?::jsonb)) group by client_id`,
    [limited],
  );
  const refusals = await em.execute<{ client_id: string }[]>(
    `select client_id from oauth_transactions
      where user_id = ? and provider = 'spotify' and error_code in ('app_user_not_allowed', 'app_owner_not_premium')
        and client_id is not null group by client_id order by max(finished_at)`,
    [userId],
  );
  return chooseApp({
    apps,
    own: own?.clientId ?? null,
    before: connectionId === null ? null : await clientOf(em, userId, connectionId),
    used: new Map(counts.map(({ client_id: clientId, n }) => [clientId, n])),
    refusedBy: refusals.map(({ client_id: clientId }) => clientId),
  });
}

async function clientOf(em: EntityManager, userId: string, connectionId: string): Promise<string | null> {
  const [row] = await em.execute<{ client_id: string }[]>(
    `select client_id from connections where id = ? and user_id = ? and provider = 'spotify'`,
    [connectionId, userId],
  );
  return row?.client_id ?? null;
}
