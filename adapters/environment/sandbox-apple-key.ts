import { sandboxKey } from './sandbox-key';

/** Our key for signing in at the sandbox's Apple, the same in every process. */
export function sandboxAppleKey(): { teamId: string; keyId: string; privateKey: string } {
  return { teamId: 'SANDBOXTEAM', keyId: 'SANDBOXKEY', privateKey: sandboxKey('the key of the sandbox') };
}
