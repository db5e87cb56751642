import { sandboxKey } from './sandbox-key';

/** Our MusicKit key at the sandbox's Apple Music, the same in every process; another one than that for signing in, as at Apple. */
export function sandboxAppleMusicKey(): { teamId: string; keyId: string; privateKey: string } {
  return { teamId: 'SANDBOXTEAM', keyId: 'SANDBOXMUSIC', privateKey: sandboxKey('the music key of the sandbox') };
}
