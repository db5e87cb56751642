import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { sandboxAppleMusicKey } from '../../../adapters/environment/sandbox-apple-music-key';
import { postForm, type Answer } from './visitor';

/** What makes a developer token other than a good one. */
interface TokenChanges {
  keyId?: string;
  teamId?: string;
  privateKey?: string;
  iat?: number;
  exp?: number;
}

/** Signs a developer token as an app does, for an hour. */
export async function developerToken(changes: TokenChanges = {}): Promise<string> {
  const { keyId, teamId, privateKey } = { ...sandboxAppleMusicKey(), ...changes };
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ iss: teamId, iat: changes.iat ?? now, exp: changes.exp ?? now + 3600 })
    .setProtectedHeader({ alg: 'ES256', kid: keyId })
    .sign(createPrivateKey(privateKey));
}

/** A resource of the API, looked into freely. */
export interface Resource {
  id: string;
  type: string;
  attributes: Record<string, unknown> & { name: string; artistName: string; playParams: { catalogId?: string } };
  relationships?: Record<string, { data: Resource[] }>;
}

/** What an app does at the sandbox's Apple Music. */
export async function appleMusicVisitor(sandboxUrl: string) {
  const token = await developerToken();
  const base = `${sandboxUrl}/apple-music`;

  const agree = (user: string, decision = 'approve', developer_token = token): Promise<Answer> =>
    postForm(`${base}/authorize`, { user, decision, developer_token }, { accept: 'application/json' });
  const userToken = async (user = 'apple-listener') => {
    const { status, body } = await agree(user);
    if (status !== 200) throw new Error(JSON.stringify(body));
    return String(body['musicUserToken']);
  };
  const api =
    (musicUserToken: string | null, bearer = token) =>
    async (method: string, path: string, body?: unknown): Promise<Answer> => {
      const response = await fetch(`${base}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${bearer}`,
          ...(musicUserToken === null ? {} : { 'music-user-token': musicUserToken }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await response.text();
      const read = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
      return { status: response.status, headers: response.headers, body: read };
    };
  return { token, base, agree, userToken, api };
}

export function dataOf(answer: Answer): Resource[] {
  return answer.body['data'] as Resource[];
}

/** Status and error code of a refusal. */
export function refusal({ status, body }: Answer): [number, string | undefined] {
  return [status, (body['errors'] as { code: string }[] | undefined)?.[0]?.code];
}
