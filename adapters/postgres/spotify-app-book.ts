import type { KnownSpotifyApp, SpotifyAppBook } from '../providers/spotify/app-book';
import { type SpotifyApp, spotifyAppOf } from '../providers/spotify/apps';
import { lossesOf, type SpotifyDialect } from '../../domain/reversibility';
import type { EntityManager, MikroORM } from './orm';

/** How long a finding counts; then the configuration is believed again, until a call says otherwise. */
const days = 30;

/**
 * The book of Spotify apps, over the operator's configuration. A finding counts only while the app is configured as it was
 * then: who changes the configuration knows better.
 */
export function createSpotifyAppBook(
  orm: MikroORM,
  operators: readonly SpotifyApp[],
  onFinding: (found: { clientId: string; finding: SpotifyDialect | 'artists_refused' }) => void,
): SpotifyAppBook {
  const configured = (clientId: string): SpotifyDialect => spotifyAppOf(operators, clientId).dialect;
  return {
    read: async (clientId) => knownApp(orm.em.fork(), clientId, configured(clientId)),
    async noteDialect(clientId, dialect) {
      await orm.em.fork().transactional(async (tx) => {
        await tx.execute(
          `insert into spotify_app_findings (client_id, configured, dialect, dialect_found_at) values (?, ?, ?, now())
           on conflict (client_id) do update set configured = excluded.configured, dialect = excluded.dialect, dialect_found_at = now()`,
          [clientId, configured(clientId), dialect],
        );
        await tellLossesAnew(tx, clientId, dialect);
      });
      onFinding({ clientId, finding: dialect });
    },
    async noteArtistsRefused(clientId) {
      await orm.em.fork().execute(
        `insert into spotify_app_findings (client_id, configured, artists_refused_at) values (?, ?, now())
         on conflict (client_id) do update set artists_refused_at = now()`,
        [clientId, configured(clientId)],
      );
      onFinding({ clientId, finding: 'artists_refused' });
    },
  };
}

async function knownApp(em: EntityManager, clientId: string, configured: SpotifyDialect): Promise<KnownSpotifyApp> {
  const [row] = await em.execute<{ dialect: SpotifyDialect | null; refused: boolean }[]>(
    `select case when configured = ? and dialect_found_at > now() - make_interval(days => ?) then dialect end as dialect,
       coalesce(artists_refused_at > now() - make_interval(days => ?), false) as refused
     from spotify_app_findings where client_id = ?`,
    [configured, days, days, clientId],
  );
  return { dialect: row?.dialect ?? configured, unfollowsArtists: !row?.refused };
}

/** Likes that are planned or taken out and not back yet will come back otherwise than was told: tells it anew. */
async function tellLossesAnew(tx: EntityManager, clientId: string, dialect: SpotifyDialect): Promise<void> {
  const losses = JSON.stringify(lossesOf('unlike_track', { dialect, addedByOther: false }));
  const both = JSON.stringify(lossesOf('unlike_track', { dialect: 'development', addedByOther: false }));
  const told = `array(select jsonb_array_elements_text(?::jsonb))
    || array(select l from unnest(x.losses) as l where l not in (select jsonb_array_elements_text(?::jsonb)))`;
  await tx.execute(
    `update actions x set losses = ${told} from runs r join connections c on c.id = r.connection_id
     where x.run_id = r.id and r.run_type = 'enforce' and c.client_id = ? and x.action_type = 'unlike_track' and x.status <> 'undone'`,
    [losses, both, clientId],
  );
  await tx.execute(
    `update plan_items x set losses = ${told} from plans p join connections c on c.id = p.connection_id
     where x.plan_id = p.id and p.status in ('ready', 'stale') and c.client_id = ? and x.action_type in ('unlike_track', 'relike_track')`,
    [losses, both, clientId],
  );
}

/** Removes what counts no more. */
export async function forgetSpotifyAppFindings(em: EntityManager): Promise<void> {
  await em.execute(
    `delete from spotify_app_findings where greatest(dialect_found_at, artists_refused_at) < now() - make_interval(days => ?)`,
    [days],
  );
}
