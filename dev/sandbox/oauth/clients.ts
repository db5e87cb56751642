import type { Call } from '../conduct/world';
import { bodyOf } from '../conduct/world';
import type { SignInService } from '../state/model';

/** How a client showed itself at a token endpoint; the secret is absent for a public client. */
export interface ClientCredentials {
  clientId: string;
  secret: string | null;
}

/**
 * Which client ids the sandbox knows: `sandbox-google`, `sandbox-apple`, `sandbox-github` and `sandbox-spotify`, also with
 * a number after it. Each has its id and `-secret` as secret, but Apple's, whose secrets are signed. `sandbox-github-app`
 * is a GitHub App, and for Spotify any 32 hexadecimal digits and any id that begins with `own-app-` are the public client
 * of somebody's own.
 */
export function isKnownClient(service: SignInService, clientId: string): boolean {
  if (service === 'spotify' && isPublicClient(clientId)) return true;
  return isGithubApp(clientId) ? service === 'github' : new RegExp(`^sandbox-${service}(?:-\\d+)?$`).test(clientId);
}

/** Whether the client is a GitHub App, whose tokens end after eight hours, and not an OAuth app. */
export function isGithubApp(clientId: string): boolean {
  return /^sandbox-github-app(?:-\d+)?$/.test(clientId);
}

/** Whether the client is somebody's own, which has no secret and shows itself by PKCE. */
export function isPublicClient(clientId: string): boolean {
  return /^(?:[0-9a-f]{32}|own-app-[\w-]{1,80})$/.test(clientId);
}

/** Whether the secret is the client's. */
export function isSecretOf(clientId: string, secret: string): boolean {
  return !isPublicClient(clientId) && secret === `${clientId}-secret`;
}

/** Reads HTTP Basic, or `client_id` and `client_secret` from the form. */
export function readClientCredentials(call: Call): ClientCredentials | null {
  const basic = /^Basic\s+(\S+)$/i.exec(call.get('authorization'))?.[1];
  if (basic) {
    const [id = '', ...secret] = Buffer.from(basic, 'base64').toString('utf8').split(':');
    return { clientId: decodePart(id), secret: decodePart(secret.join(':')) };
  }
  const { client_id: clientId, client_secret: secret } = bodyOf(call);
  if (typeof clientId !== 'string') return null;
  return { clientId, secret: typeof secret === 'string' ? secret : null };
}

// RFC 6749 has both parts form-encoded before they are joined.
function decodePart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Whether a redirect address may be registered: HTTPS, or plain HTTP on a loopback address. The name `localhost` is
 * refused by Spotify since November 2025. Apple itself takes only HTTPS on a domain; here it must reach a machine without
 * one.
 */
export function isAllowedRedirect(service: SignInService, address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, hash } = new URL(address);
  if (hash !== '') return false;
  if (protocol === 'https:') return true;
  const loopback =
    hostname === '127.0.0.1' || hostname === '[::1]' || (service !== 'spotify' && hostname === 'localhost');
  return protocol === 'http:' && loopback;
}
