import type { Connection } from './contract';
import { DemoFailure } from './demo-failure';
import { followJob } from './follow-job';
import type { Story } from './story';

type Visitor = Pick<Story, 'say' | 'person' | 'user'>;

/** Signs in with the sandbox's Google. */
export async function signIn({ say, person, user }: Visitor): Promise<void> {
  await person.agree('auth/google', user);
  say(`  Signed in as the sandbox's ${user}.`);
}

/**
 * Connects Spotify and reads the library.
 *
 * @throws DemoFailure where it is not there, or not healthy
 */
export async function connectSpotify({
  say,
  person,
  user,
  screen,
}: Visitor & Pick<Story, 'screen'>): Promise<Connection> {
  const landed = await person.agree('connections/spotify', user);
  const { items } = await person.get<{ items: Connection[] }>('connections');
  const connected = landed.get('connectionId');
  const connection = items.find(({ id, provider }) => (connected ? id === connected : provider === 'spotify'));
  if (!connection) throw new DemoFailure('Spotify is not among the connections after connecting it.');
  const sync =
    landed.get('jobId') ?? (await person.post<{ jobId: string }>(`connections/${connection.id}/library-sync`)).jobId;
  await followJob(person, sync, { label: 'Sync', screen });
  const { library, health } = await person.get<Connection>(`connections/${connection.id}`);
  if (health !== 'healthy') throw new DemoFailure(`The connection is ${health} right after it was made.`);
  if (library)
    say(
      `  ${library.likes} liked songs, ${library.albums} albums, ${library.follows} followed artists, ${library.playlists} playlists.`,
    );
  return connection;
}
