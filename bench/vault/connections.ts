import { newId } from '../../adapters/postgres/ids';
import type { MikroORM } from '../../adapters/postgres/orm';
import { spotifyScopes } from '../../adapters/providers/spotify/oauth';
import type { Vault } from '../../adapters/vault/vault';
import { spotifyTokens } from '../../dev/connected-account/spotify-consent';

/** Rows that one statement writes. */
const chunk = 2_000;

interface Tokens {
  accessToken: string;
  refreshToken: string;
}

export interface MadeConnections {
  /** Seconds that their access tokens have left; none where they are to be renewed. */
  secondsLeft: number;
  /** Seconds from now until each is looked at by itself, spread evenly up to this. */
  dueWithin: number;
  /** The tokens of the n-th; made up where none are given, which is enough for what never asks a provider. */
  tokens?: readonly Tokens[];
}

/** Connections of as many people, with sealed tokens, and their ids. */
export async function makeConnections(
  orm: MikroORM,
  vault: Vault,
  count: number,
  { secondsLeft, dueWithin, tokens = [] }: MadeConnections,
): Promise<string[]> {
  const ids: string[] = [];
  for (let from = 0; from < count; from += chunk) {
    const rows = await Promise.all(
      Array.from({ length: Math.min(chunk, count - from) }, async (_, n) => {
        const id = newId();
        const { accessToken, refreshToken } = tokens[from + n] ?? madeUp(from + n);
        const access = await vault.seal(accessToken, { sub: id, use: 'access' });
        const refresh = await vault.seal(refreshToken, { sub: id, use: 'refresh' });
        return {
          id,
          user_id: newId(),
          access: access.jwe,
          refresh: refresh.jwe,
          due: ((from + n) / count) * dueWithin,
        };
      }),
    );
    await store(orm, rows, { keyId: vault.keyIds[0], secondsLeft });
    ids.push(...rows.map(({ id }) => id));
  }
  return ids;
}

/** As long as a provider's. */
const madeUp = (n: number): Tokens => ({
  accessToken: `access-${n}-`.padEnd(200, 'a'),
  refreshToken: `refresh-${n}-`.padEnd(130, 'r'),
});

async function store(
  orm: MikroORM,
  rows: readonly { id: string }[],
  { keyId, secondsLeft }: { keyId: string; secondsLeft: number },
): Promise<void> {
  const given = JSON.stringify(rows);
  const columns = `jsonb_to_recordset(?::jsonb) as g(id uuid, user_id uuid, access text, refresh text, due float8)`;
  await orm.em.fork().transactional(async (tx) => {
    await tx.execute(`insert into users (id, display_name) select user_id, 'Somebody' from ${columns}`, [given]);
    await tx.execute(
      `insert into connections (id, user_id, provider, account_id, account_user_id, account_name, client_id, quota, scopes, consented_at)
       select id, user_id, 'spotify', id::text, id::text, 'Somebody', 'sandbox-spotify', 'spotify-default', string_to_array(?, ' '), now()
         from ${columns}`,
      [spotifyScopes.join(' '), given],
    );
    await tx.execute(
      `insert into credentials (owner_id, owner_type, provider, access_token, refresh_token, key_id, access_expires_at, next_check_at)
       select id, 'connection', 'spotify', access, refresh, ?, now() + make_interval(secs => ?), now() + make_interval(secs => due)
         from ${columns}`,
      [keyId, secondsLeft, given],
    );
  });
}

/** Tokens that the sandbox gave for as many consents. */
export async function realTokens(sandboxUrl: string, count: number): Promise<Tokens[]> {
  const tokens: Tokens[] = [];
  for (let n = 0; n < count; n += 1) tokens.push(await spotifyTokens(sandboxUrl, 'listener', spotifyScopes));
  return tokens;
}
