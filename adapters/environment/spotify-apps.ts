import { z } from 'zod';
import { spotifyDialects } from '../../domain/reversibility';
import { developmentPeople, type SpotifyApp } from '../providers/spotify/apps';

const quotaPattern = /^[a-z0-9_-]{1,40}$/;
/** Apps of the sandbox's, by which a list is one for the sandbox. */
const sandboxPattern = /^sandbox-spotify(?:-\d+)?$/;

/**
 * Apps as `clientId:secret:quota`, optionally with `:development` (the default) or `:extended` and then `:people`, comma
 * separated. Faults name an entry by its place, since it holds a secret.
 */
export const spotifyAppList = z
  .string()
  .transform((text, context) => {
    const apps: SpotifyApp[] = [];
    text.split(',').forEach((entry, index) => {
      const read = readApp(entry.trim());
      if (typeof read === 'string') context.addIssue({ code: 'custom', message: `entry ${index + 1} ${read}` });
      else apps.push(read);
    });
    if (new Set(apps.map(({ clientId }) => clientId)).size !== apps.length)
      context.addIssue({ code: 'custom', message: 'names a client id twice' });
    const sandboxes = apps.filter(isSandboxApp).length;
    if (sandboxes > 0 && sandboxes < apps.length)
      context.addIssue({ code: 'custom', message: 'mixes apps of the sandbox with real ones' });
    return context.issues.length > 0 ? z.NEVER : apps;
  })
  .optional()
  .describe(
    'Several Spotify apps instead of the one above, clientId:secret:quota[:development|extended[:people]], comma separated; the first with room takes a new connection. Development mode has room for five people.',
  );

export const isSandboxApp = ({ clientId }: Pick<SpotifyApp, 'clientId'>): boolean => sandboxPattern.test(clientId);

function readApp(entry: string): SpotifyApp | string {
  const [clientId = '', clientSecret = '', quota = '', mode = 'development', most, ...more] = entry.split(':');
  if (more.length > 0) return 'has more than five parts';
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(clientId)) return 'has no client id';
  if (clientSecret === '') return 'has no secret';
  if (!quotaPattern.test(quota)) return 'has no quota name of a-z, 0-9, _ and -';
  const dialect = spotifyDialects.find((name) => name === mode);
  if (!dialect) return 'is neither development nor extended';
  if (most !== undefined && !/^[1-9]\d{0,5}$/.test(most)) return 'has no number of people';
  const standard = dialect === 'development' ? developmentPeople : null;
  return { clientId, clientSecret, quota, dialect, people: most === undefined ? standard : Number(most) };
}
