import type { Environment } from './variables';
import { originOf } from './origin-of';
import { sandboxAppleMusicKey } from './sandbox-apple-music-key';

/** How we are known at Apple Music: by a key of the developer team, which signs tokens. There is no client id. */
export interface AppleMusicClientSettings {
  teamId: string;
  keyId: string;
  /** PEM; developer tokens are signed with it. */
  privateKey: string;
  /** Base of the API, e.g. `https://api.music.apple.com/v1`. */
  apiUrl: string;
  /** The script that lets a person authorize us in a browser. */
  musicKitUrl: string;
  sandbox: boolean;
  /** Name of the quota; Apple counts by developer token. */
  quota: string;
}

/** What our own key is made of. */
export const appleMusicSettings = [
  'APPLE_MUSIC_TEAM_ID',
  'APPLE_MUSIC_KEY_ID',
  'APPLE_MUSIC_PRIVATE_KEY',
] as const satisfies readonly (keyof Environment)[];

/** Apple Music by an environment: the real one with all three settings, else the sandbox's, else null. */
export function appleMusicClient(env: Environment, faults: string[]): AppleMusicClientSettings | null {
  const missing = appleMusicSettings.filter((name) => !env[name]);
  const quota = env.APPLE_MUSIC_QUOTA;
  if (missing.length === 0) {
    return {
      teamId: env.APPLE_MUSIC_TEAM_ID ?? '',
      keyId: env.APPLE_MUSIC_KEY_ID ?? '',
      privateKey: env.APPLE_MUSIC_PRIVATE_KEY ?? '',
      apiUrl: 'https://api.music.apple.com/v1',
      musicKitUrl: 'https://js-cdn.music.apple.com/musickit/v3/musickit.js',
      sandbox: false,
      quota,
    };
  }
  if (missing.length < appleMusicSettings.length)
    faults.push(...missing.map((name) => `${name}: all three APPLE_MUSIC_ credentials or none must be set`));
  if (!env.SANDBOX_URL) return null;
  const base = `${originOf(env.SANDBOX_URL)}/apple-music`;
  return {
    ...sandboxAppleMusicKey(),
    apiUrl: `${base}/v1`,
    musicKitUrl: `${base}/musickit.js`,
    sandbox: true,
    quota,
  };
}
