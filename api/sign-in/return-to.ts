import { DomainError } from '../../domain/errors';

/** What a flow's end adds to the address it returns to. */
export interface Landing {
  result?: 'ok';
  error?: string;
  connectionId?: string | null;
  jobId?: string | null;
  /** The merge that is offered instead. */
  mergeId?: string | null;
}

/**
 * The whole address that a flow may return to: a path of the API's own pages, or any address of a configured frontend. Throws
 * `invalid_return_to` for the rest.
 */
export function allowedReturnTo(
  given: string,
  { apiUrl, webOrigins }: { apiUrl: string; webOrigins: string[] },
): string {
  const refuse = () => new DomainError('invalid_return_to');
  // Browsers read a backslash as a slash and drop control characters, so neither may decide where an address leads.
  if (given.length > 2000 || /[\\\u0000-\u0020\u007f]/.test(given)) throw refuse();
  if (!given.startsWith('/') && !/^https?:\/\//i.test(given)) throw refuse();
  if (given.startsWith('//')) throw refuse();
  let url: URL;
  try {
    url = new URL(given, apiUrl);
  } catch {
    throw refuse();
  }
  if (url.username || url.password || !webOrigins.includes(url.origin)) throw refuse();
  // Within the API a return could start the next flow, or end somebody's session.
  if (url.origin === apiUrl && /^\/+api(\/|$)/i.test(decoded(url.pathname))) throw refuse();
  // Whole, since a path such as `//elsewhere`, read once more on its own, would name another host.
  return url.href;
}

/** A path whose escapes can't be read can't be one of the API's routes either. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The allowed address with how the flow ended. */
export function landingAddress(returnTo: string, apiUrl: string, landing: Landing): string {
  const url = new URL(returnTo, apiUrl);
  for (const name of ['result', 'error', 'connectionId', 'jobId', 'mergeId'] as const) {
    url.searchParams.delete(name);
    const value = landing[name];
    if (value) url.searchParams.set(name, value);
  }
  return url.href;
}
