import type { Config } from '../../environment/config';
import { askOnce, withTimeout } from '../ask-once';
import type { RevokeCall } from '../revocation';
import { apiHeaders } from './api';

/**
 * `DELETE /applications/{client_id}/grant`: ends every token that the person's consent gave, and takes the app off their list
 * (docs.github.com, "REST API endpoints for OAuth authorizations"). It wants an access token; 404 and 422 mean that there is
 * nothing left to take back.
 */
export function revokeGrant(settings: NonNullable<Config['github']>): RevokeCall {
  const { apiUrl, clientId, clientSecret } = settings;
  const credentials = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  return async (provider, { accessToken, refreshToken }, signal) => {
    const answer = await askOnce({ provider: provider.provider, endpoint: 'grant_revoke' }, () =>
      fetch(`${apiUrl}/applications/${encodeURIComponent(clientId)}/grant`, {
        method: 'DELETE',
        headers: { ...apiHeaders, authorization: `Basic ${credentials}`, 'content-type': 'application/json' },
        body: JSON.stringify({ access_token: accessToken ?? refreshToken }),
        redirect: 'manual',
        signal: withTimeout(provider.timeoutSeconds, signal),
      }),
    );
    if (answer.kind !== 'answered') return 'failed';
    if (answer.status === 204) return 'revoked';
    return answer.status === 404 || answer.status === 422 ? 'already_gone' : 'failed';
  };
}
