import { bodyOf, queryText, type Call } from '../conduct/world';
import { SpotifyError } from './errors';

/** A Spotify URI taken apart; the id of a local file is everything behind the kind. */
export interface SpotifyUri {
  kind: string;
  id: string;
}

/** `limit` and `offset` of a list, or the 400 that Spotify answers outside their bounds. */
export function readPage(call: Call, bounds: { standard: number; max: number }): { limit: number; offset: number } {
  const limit = readWhole(queryText(call, 'limit'), bounds.standard);
  const offset = readWhole(queryText(call, 'offset'), 0);
  if (limit === null || limit < 1 || limit > bounds.max) throw new SpotifyError(400, 'Invalid limit');
  if (offset === null || offset < 0 || offset > 100_000) throw new SpotifyError(400, 'Invalid offset');
  return { limit, offset };
}

/** A whole number, the standard where nothing was given, null where it is something else. */
export function readWhole(text: string | undefined, standard: number): number | null {
  if (text === undefined) return standard;
  return /^-?\d{1,9}$/.test(text) ? Number(text) : null;
}

/** Takes a URI apart, or null where it isn't one. */
export function parseUri(uri: string): SpotifyUri | null {
  const parts = /^spotify:([a-z]+):(.+)$/.exec(uri);
  return parts ? { kind: parts[1] ?? '', id: parts[2] ?? '' } : null;
}

/** The `uris` of the query; a body isn't looked at, as Spotify doesn't. */
export function readUris(call: Call, max: number): SpotifyUri[] {
  const text = queryText(call, 'uris');
  if (!text) throw new SpotifyError(400, 'Missing required field: uris');
  const uris = text.split(',').map((uri) => uri.trim());
  if (uris.length > max) throw new SpotifyError(400, `Too many uris requested, maximum is ${max}`);
  return uris.map((uri) => {
    const parsed = parseUri(uri);
    if (!parsed) throw new SpotifyError(400, `Invalid URI: ${uri}`);
    return parsed;
  });
}

/** A list of texts from the body, or undefined where the body has no such field. */
export function bodyTexts(call: Call, name: string): string[] | undefined {
  const value = bodyOf(call)[name];
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every((item): item is string => typeof item === 'string')) {
    throw new SpotifyError(400, `Invalid value for ${name}`);
  }
  return value;
}

/** A whole number from the body, or undefined where the body has no such field. */
export function bodyWhole(call: Call, name: string): number | undefined {
  const value = bodyOf(call)[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw new SpotifyError(400, `Invalid value for ${name}`);
  return value;
}
